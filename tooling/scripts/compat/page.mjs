import { others, promised } from './tools.mjs';

/** @typedef {{ what: string, failure: string | undefined }} Outcome */

/**
 * docs/compatibility.md.
 *
 * @param {Outcome[]} outcomes
 */
export function compatibilityPage(outcomes) {
  const versions = Object.entries({ ...promised, ...others }).map(
    ([name, version]) => `${name} ${version.replace(/^.*@/, '')}`,
  );
  return [
    '# What the packages work with',
    '',
    'Written by `npm run compat`, which packs all packages, installs them in a project of their own and tries them there.',
    'The rows for Node 20, 22 and 24, for TypeScript and for jest 29 are promises: `npm run check` tries them before every',
    'change. The others tell what was seen.',
    '',
    '- `run.mjs` and `run.cjs` load every entry and carry a conversation of a client and a service over memory.',
    '- `over-mqtt.mjs` carries it over MQTT, through the embedded broker.',
    "- A page's script is a bundle of the client with MQTT over WebSocket. It asks for nothing of Node.",
    '- TypeScript checks the declarations of the packages too (`skipLibCheck: false`).',
    '',
    '| tried | result |',
    '|---|---|',
    ...outcomes.map(
      ({ what, failure }) =>
        `| ${what} | ${failure === undefined ? 'works' : `does not work: ${firstLine(failure)}`} |`,
    ),
    '',
    `Versions: ${versions.join(', ')}.`,
    '',
  ].join('\n');
}

/** @param {string} text */
function firstLine(text) {
  const line = text.split('\n').find((each) => /error/i.test(each)) ?? text.split('\n')[0] ?? '';
  return line.trim().replaceAll('|', '\\|').slice(0, 200);
}
