// Faults and hostile input against real brokers. Arguments go to vitest; with `--table`, what the run
// counted is written into docs/faults.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowsFileVariable, writeFaultTable } from './lib/fault-table.mjs';
import { root, workspaceEnv } from './lib/root.mjs';
import { endWithParent, run } from './lib/run.mjs';

const args = process.argv.slice(2);
const writesTable = args.includes('--table');
const folder = mkdtempSync(join(tmpdir(), 'intersect-faults-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const rows = join(folder, 'rows');
const env = { ...workspaceEnv(), ...(writesTable && { [rowsFileVariable]: rows }) };
const test = join(root, 'tooling', 'scripts', 'test.mjs');
const rest = args.filter((arg) => arg !== '--table');
const command = ['--import', endWithParent, test, '--config', 'vitest.faults.config.ts', ...rest];
const { code } = await run(process.execPath, command, { env, tied: true });
if (code === 0 && writesTable) await writeFaultTable('faults', rows, `npm run faults -- ${args.join(' ')}`);
process.exitCode = code;
