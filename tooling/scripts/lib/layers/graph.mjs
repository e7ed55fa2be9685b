/**
 * Who may import whom, among the packages of this workspace. What isn't listed is forbidden.
 *
 * @typedef {object} Layer
 * @property {readonly string[]} imports The packages it may import, or one entry of a package (`transport/endpoint`).
 * @property {readonly string[]} [lazily] The packages that it may load while running, by `import()`, and name in types.
 * @property {'all' | readonly RegExp[]} [browser] Which of its source files must run in a browser.
 */

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  core: { imports: [], browser: 'all' },
  schema: { imports: ['core'], browser: 'all' },
  transport: { imports: ['core'], browser: 'all' },
  'transport-mqtt': { imports: ['core', 'transport'], browser: 'all' },
  'transport-amqp': { imports: ['core', 'transport'] },
  conformance: { imports: ['core', 'transport'] },
  config: { imports: ['core', 'transport/endpoint'] },
  messaging: {
    imports: ['core', 'transport'],
    lazily: ['transport-mqtt', 'transport-amqp'],
    browser: 'all',
  },
  client: { imports: ['core', 'schema', 'transport', 'messaging'], browser: 'all' },
  service: { imports: ['core', 'schema', 'transport', 'messaging'] },
  'dev-broker': { imports: ['core'] },
};

/** The prefix of the workspace's package names. */
export const scope = '@intersect-sdk/';

/** A file that is longer holds more than one idea. */
export const maxLines = 400;

/** The one file whose purpose is to write to the console. */
export const consoleFile = 'packages/core/src/log/console-logger.ts';
