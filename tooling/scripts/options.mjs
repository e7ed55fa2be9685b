// Writes what follows from the tables of options: the tables in the READMEs. To be looked at and committed with the change.
import { readFileSync, writeFileSync } from 'node:fs';
import { readmes, withOptionTables } from './lib/options/readme.mjs';
import { readTables } from './lib/options/tables.mjs';
import { ensureSetup } from './setup.mjs';

await ensureSetup();
const tables = await readTables();
for (const file of readmes()) {
  const before = readFileSync(file, 'utf8');
  const after = withOptionTables(before, tables);
  if (after === before) continue;
  writeFileSync(file, after);
  process.stdout.write(`Written to ${file}\n`);
}
