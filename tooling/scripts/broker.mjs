// The small broker, on port 1883 unless told otherwise; arguments go to it.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

if (!(await ensureBuilt(['@intersect-sdk/dev-broker']))) process.exit(1);
const program = join(root, 'packages', 'dev-broker', 'dist', 'cli.js');
const { code } = await run(process.execPath, [program, ...process.argv.slice(2)]);
process.exitCode = code;
