// Checks one package as it will be published: the packed files, its types in every module system, its public API.
// Runs in the package's folder, which must be built. `--update-api` writes the API reports instead.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiReports, removeTemporaryReports } from './lib/api-report.mjs';
import { bin } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const folder = process.cwd();

/** @returns {Promise<string[]>} What is wrong with the packed files. */
async function checkPacked() {
  const temporary = mkdtempSync(join(tmpdir(), 'intersect-pack-'));
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
  const options = { cwd: folder, capture: true };
  const packed = await run(join(bin, 'pnpm'), ['pack', '--pack-destination', temporary], options);
  const [tarball] = readdirSync(temporary);
  if (packed.code !== 0 || tarball === undefined) return [packed.output];
  const file = join(temporary, tarball);
  const checks = await Promise.all([
    run(join(bin, 'publint'), ['--strict', file], options),
    // Old resolution knows no entries but the main one; every Node that this project supports is newer.
    run(join(bin, 'attw'), ['--no-emoji', '--profile', 'node16', file], options),
  ]);
  return checks.filter(({ code }) => code !== 0).map(({ output }) => output);
}

const problems = process.argv.includes('--update-api')
  ? apiReports(folder, { update: true })
  : [...apiReports(folder, { update: false }), ...(await checkPacked())];
removeTemporaryReports(folder);
for (const problem of problems) process.stdout.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
