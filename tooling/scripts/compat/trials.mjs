import { join } from 'node:path';
import { run } from '../lib/run.mjs';

/**
 * @typedef {object} Trial
 * @property {string} what It is tried.
 * @property {() => Promise<{ code: number, output: string }>} start
 * @property {string} [expected] What it prints, where it prints something.
 */

const expected = '293 REMOTE_ERROR';

/**
 * @param {{ consumer: string, tools: string }} places
 * @returns {Trial[]} Every supported Node, with both module systems.
 */
export function nodeTrials({ consumer, tools }) {
  return ['20', '22', '24'].flatMap((version) =>
    ['run.mjs', 'run.cjs'].map((program) => ({
      what: `Node ${version}, ${program}`,
      start: () => inFolder(consumer, [join(tools, `node_modules/node-${version}/bin/node`), program]),
      expected,
    })),
  );
}

/**
 * @param {{ consumer: string, tools: string }} places
 * @returns {Trial[]} The compilers with each way to find modules. Libraries are checked too.
 */
export function typeScriptTrials({ consumer, tools }) {
  const ways = [
    ['an ES module', 'esm', 'nodenext', 'nodenext'],
    ['CommonJS', 'cjs', 'nodenext', 'nodenext'],
    ['a bundler', 'esm', 'esnext', 'bundler'],
  ];
  return ['oldest', 'newest'].flatMap((age) =>
    ways.map(([way, folder, module, resolution]) => ({
      what: `the ${age} TypeScript, for ${way}`,
      start: () =>
        inFolder(consumer, [
          process.execPath,
          join(tools, `node_modules/typescript-${age}/bin/tsc`),
          ...['--strict', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node'],
          ...['--module', String(module), '--moduleResolution', String(resolution), '--noEmit'],
          `${folder}/conversation.ts`,
        ]),
    })),
  );
}

/**
 * @param {{ consumer: string, tools: string }} places
 * @param {string} version
 * @returns {Trial} jest with its defaults.
 */
export function jestTrial({ consumer, tools }, version) {
  const jest = join(tools, `node_modules/jest-${version}/bin/jest.js`);
  return {
    what: `jest ${version}`,
    start: () => inFolder(consumer, [process.execPath, jest, '--rootDir', consumer, '--ci']),
  };
}

/**
 * Other programs that run JavaScript. They run what Node runs, and the conversation over a socket.
 *
 * @param {{ consumer: string, tools: string }} places
 * @param {string} name
 * @param {string[]} [permissions]
 * @returns {Trial[]}
 */
export function runtimeTrials({ consumer, tools }, name, permissions = []) {
  const runtime = join(tools, 'node_modules/.bin', name);
  return ['run.mjs', 'run.cjs', 'over-mqtt.mjs'].map((program) => ({
    what: `${name}, ${program}`,
    start: () => inFolder(consumer, [runtime, 'run', ...permissions, program]),
    expected,
  }));
}

/**
 * Bundlers make a script for a page. It may hold nothing of Node, and a client can be made of it.
 *
 * @param {{ consumer: string, tools: string }} places
 * @returns {Trial[]}
 */
export function bundlerTrials({ consumer, tools }) {
  const program = (/** @type {string} */ path) => join(tools, 'node_modules', path);
  const esbuild = [
    'page.mjs',
    '--bundle',
    '--format=esm',
    '--platform=browser',
    '--outfile=dist/esbuild.mjs',
  ];
  /** @type {[string, string[]][]} */
  const builds = [
    ['esbuild', [program('esbuild/bin/esbuild'), ...esbuild]],
    ['vite', [process.execPath, 'vite.build.mjs', program('vite/dist/node/index.js')]],
    ['webpack', [process.execPath, 'webpack.build.cjs', program('webpack')]],
  ];
  return builds.map(([name, command]) => ({
    what: `${name}, a page's script`,
    async start() {
      const built = await inFolder(consumer, command);
      if (built.code !== 0) return built;
      return inFolder(consumer, [process.execPath, 'load-bundle.mjs', `dist/${name}.mjs`]);
    },
    expected: 'nothing of Node; a client is made',
  }));
}

/**
 * The JavaScript of the programs in both module systems.
 *
 * @param {{ consumer: string, tools: string }} places
 */
export async function compilePrograms({ consumer, tools }) {
  const compiler = join(tools, 'node_modules/typescript-newest/bin/tsc');
  for (const folder of ['esm', 'cjs']) {
    const ways = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--types', 'node'];
    const { code, output } = await inFolder(consumer, [
      process.execPath,
      compiler,
      ...ways,
      `${folder}/conversation.ts`,
    ]);
    if (code !== 0) throw new Error(output);
  }
}

/** @param {Trial} trial @returns {Promise<string | undefined>} What is wrong. */
export async function failureOf({ start, expected: text }) {
  const { code, output } = await start();
  return code === 0 && (text === undefined || output.trim() === text)
    ? undefined
    : output || `exit code ${code}`;
}

/** @param {string} folder @param {string[]} command */
function inFolder(folder, [program = '', ...args]) {
  return run(program, args, { cwd: folder, capture: true });
}
