// All tests, on a machine that may have nothing but Node and npm. Arguments go to vitest: a part of a path,
// `--project unit`, `-t 'name of a test'`. The last line is always `N passed, N failed, N skipped`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root, workspaceEnv } from './lib/root.mjs';
import { endWithParent, run } from './lib/run.mjs';
import { closingLine, describeSkips, skipsWithoutReason, summaryFileVariable } from './lib/test-summary.mjs';

const nothingRan = { passed: 0, failed: 1, skipped: 0, skips: [] };

async function main() {
  if (!(await ensureBuilt())) return finish(nothingRan, 1);
  const folder = mkdtempSync(join(tmpdir(), 'intersect-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'summary.json');
  const env = { ...workspaceEnv(), [summaryFileVariable]: file };
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = ['--import', endWithParent, vitest, 'run', ...process.argv.slice(2)];
  const { code } = await run(process.execPath, args, { env, tied: true });
  finish(readSummary(file), code);
}

/** @param {string} file */
function readSummary(file) {
  try {
    return /** @type {import('./lib/test-summary.mjs').TestSummary} */ (
      JSON.parse(readFileSync(file, 'utf8'))
    );
  } catch {
    return nothingRan;
  }
}

/**
 * @param {import('./lib/test-summary.mjs').TestSummary} summary
 * @param {number} code
 */
function finish(summary, code) {
  process.stdout.write(describeSkips(summary));
  const required = process.env.INTERSECT_REQUIRE_BROKERS === '1';
  const unexplained = required ? skipsWithoutReason(summary) : 0;
  if (unexplained > 0) {
    process.stdout.write(
      `${unexplained} skipped tests give no reason: that fails where nothing may be skipped.\n`,
    );
  }
  process.stdout.write(`${closingLine(summary)}\n`);
  process.exitCode = code !== 0 ? code : summary.failed > 0 || unexplained > 0 ? 1 : 0;
}

await main();
