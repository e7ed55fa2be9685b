// Checks one package as it will be published: its public API, the packed files, its types in every module system.
// Runs in the package's folder, which must be built. `--update-api` writes the API reports instead.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bin, root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const folder = process.cwd();
const update = process.argv.includes('--update-api');
const options = { cwd: folder, capture: true };

/**
 * Writes down the public API of each entry in `etc/`, or compares it with what is written down there.
 *
 * @returns {Promise<string[]>} What is wrong.
 */
async function checkApi() {
  const { publishConfig } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const temporary = join(folder, 'temp');
  for (const each of [temporary, join(folder, 'etc')]) mkdirSync(each, { recursive: true });
  /** @type {string[]} */
  const problems = [];
  for (const [entry, target] of Object.entries(publishConfig.exports)) {
    if (entry === './package.json') continue;
    const name = entry === '.' ? 'index' : entry.slice(2).replaceAll('/', '-');
    const config = join(temporary, `${name}.json`);
    const shared = {
      extends: relative(temporary, join(root, 'tooling', 'scripts', 'api-extractor.json')).replaceAll(
        '\\',
        '/',
      ),
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, target.import.types),
      apiReport: { reportFileName: `${name}.api.md` },
    };
    writeFileSync(config, JSON.stringify(shared));
    const mode = update ? '--local' : '--print-api-report-diff';
    const { code, output } = await run(
      join(bin, 'api-extractor'),
      ['run', mode, '--config', config],
      options,
    );
    if (code !== 0) problems.push(output);
  }
  rmSync(temporary, { recursive: true });
  if (problems.length > 0 && !update) problems.push('Run `npm run api` and commit the difference.');
  return problems;
}

/**
 * Leaves the packed package in `packed/`, where the programs of users that try it find it.
 *
 * @returns {Promise<string[]>} What is wrong.
 */
async function checkPacked() {
  const target = join(folder, 'packed');
  rmSync(target, { recursive: true, force: true });
  const packed = await run(join(bin, 'pnpm'), ['pack', '--pack-destination', target], options);
  if (packed.code !== 0) return [packed.output];
  const [tarball = ''] = readdirSync(target);
  const file = join(target, tarball);
  const checks = await Promise.all([
    run(join(bin, 'publint'), ['--strict', file], options),
    // Old resolution knows no entries but the main one; every Node that this project supports is newer.
    run(join(bin, 'attw'), ['--no-emoji', '--profile', 'node16', file], options),
  ]);
  return checks.filter(({ code }) => code !== 0).map(({ output }) => output);
}

const problems = [...(await checkApi()), ...(update ? [] : await checkPacked())];
for (const problem of problems) process.stdout.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
