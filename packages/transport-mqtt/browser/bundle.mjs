import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../', import.meta.url));
/** @param {string} name */
const here = (name) => join(folder, 'browser', name);
const require = createRequire(import.meta.url);

/** @type {Readonly<Record<string, string>>} */
const replacements = {
  ws: here('nothing.cjs'),
  debug: here('silent.cjs'),
  // Its workers stay silent where a policy forbids them; `keep-alive-timer.ts` is what is used.
  'worker-timers': here('nothing.cjs'),
  process: here('process.cjs'),
  buffer: require.resolve('browser-buffer'),
  events: require.resolve('browser-events'),
  string_decoder: require.resolve('browser-string-decoder'),
};

/**
 * Writes `dist/mqtt-browser.js`: what browsers get as `#mqtt`, with all that it needs of Node. It is three quarters
 * of what mqtt.js brings for browsers. The licenses of what is in it go beside it.
 */
export async function bundleMqttForBrowsers() {
  const { metafile } = await build({
    entryPoints: [here('mqtt.mjs')],
    outfile: join(folder, 'dist/mqtt-browser.js'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    define: { global: 'globalThis', process: '__process' },
    banner: { js: '// Contains mqtt.js and what it needs; see mqtt-browser.LICENSES.txt' },
    inject: [here('globals.mjs')],
    logLevel: 'warning',
    plugins: [{ name: 'what a browser lacks', setup: replaceNodeModules }],
  });
  writeFileSync(join(folder, 'dist/mqtt-browser.LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
}

/** @param {import('esbuild').PluginBuild} build */
function replaceNodeModules({ onResolve }) {
  onResolve({ filter: /^[a-z_-]+\/?$/ }, ({ path }) => {
    const replacement = replacements[path.replace(/\/$/, '')];
    return replacement ? { path: replacement } : undefined;
  });
}

/**
 * The license of each package that one of these files is from.
 *
 * @param {string[]} inputs
 */
function licensesOf(inputs) {
  const packages = new Set(
    inputs.flatMap((input) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(join(process.cwd(), input)) ?? []),
  );
  return [...packages]
    .sort()
    .map((path) => {
      const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? readFileSync(join(path, file), 'utf8').trim() : `License: ${license}`;
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}
