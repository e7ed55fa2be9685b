// Client and service at work with a fault now and then, 10 minutes or `--seconds 60`; fails when memory is not flat or
// anything was lost or doubled. `--table` writes what was counted into docs/faults.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rowsFileVariable, writeFaultTable } from './lib/fault-table.mjs';
import { root, workspaceEnv } from './lib/root.mjs';
import { endWithParent, run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { seconds: { type: 'string', default: '600' }, table: { type: 'boolean', default: false } },
    });
    const seconds = Number(values.seconds);
    if (Number.isInteger(seconds) && seconds >= 10 && seconds <= 3600)
      return { seconds, table: values.table };
    process.stderr.write('--seconds takes a whole number from 10 to 3600.\n');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
  process.exit(2);
}

const { seconds, table } = readArguments();
await ensureSetup();
const folder = mkdtempSync(join(tmpdir(), 'intersect-soak-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const rows = join(folder, 'rows');
const env = {
  ...workspaceEnv(),
  INTERSECT_SOAK_SECONDS: String(seconds),
  ...(table && { [rowsFileVariable]: rows }),
};
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const args = ['--import', endWithParent, vitest, 'run', '--config', 'vitest.soak.config.ts'];
const { code } = await run(process.execPath, args, { env, tied: true });
if (code === 0 && table) {
  await writeFaultTable(`soak of ${seconds} s`, rows, `npm run soak -- --seconds ${seconds} --table`);
}
process.exitCode = code;
