// Writes what follows from the tables of options: the tables in the READMEs, the page of all of them, and the schemas of configuration files. To be looked
// at and committed with the change.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { shippedSchemas } from './lib/options/file-schema.mjs';
import { optionsPage } from './lib/options/page.mjs';
import { readmes, withOptionTables } from './lib/options/readme.mjs';
import { readTables } from './lib/options/tables.mjs';
import { ensureSetup } from './setup.mjs';

await ensureSetup();
const tables = await readTables();
for (const file of readmes()) write(file, withOptionTables(readFileSync(file, 'utf8'), tables));
for (const { file, text } of [optionsPage(tables), ...shippedSchemas(tables)]) write(file, text);

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`Written to ${file}\n`);
}
