import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root } from './root.mjs';
import { run } from './run.mjs';

/** Names the file that the tests add their rows to. */
export const rowsFileVariable = 'INTERSECT_FAULT_ROWS';

const page = join(root, 'docs', 'faults.md');

/**
 * @typedef {object} FaultRow
 * @property {string} fault
 * @property {string} role
 * @property {string} protocol
 * @property {string} promise
 * @property {string} counted
 */

/**
 * Puts what a run counted into a section of `docs/faults.md`.
 *
 * @param {string} section As the comments around it name it.
 * @param {string} rowsFile One JSON object a line.
 * @param {string} command What was run.
 */
export async function writeFaultTable(section, rowsFile, command) {
  const lines = readFileSync(rowsFile, 'utf8').trim().split('\n');
  const rows = lines.map((line) => /** @type {FaultRow} */ (JSON.parse(line)));
  const written = `Written by \`${command}\`, ${rows.length} rows.`;
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), section, `${written}\n\n${faultTables(rows)}`));
  await run(join(bin, 'biome'), ['format', '--write', page], { capture: true });
  process.stdout.write(`Written to ${page}\n`);
}

/**
 * A heading for each fault, and for each promise a table of who kept it.
 *
 * @param {readonly FaultRow[]} rows
 */
export function faultTables(rows) {
  const faults = [...new Set(rows.map(({ fault }) => fault))].toSorted();
  return faults
    .map((fault) => {
      const own = rows.filter((row) => row.fault === fault);
      const promises = [...new Set(own.map(({ promise }) => promise))].toSorted();
      const tables = promises.map((promise) => {
        const kept = own.filter((row) => row.promise === promise).map(lineOf);
        return `Promise: ${promise}.\n\n| role | protocol | counted |\n| --- | --- | --- |\n${kept.toSorted().join('\n')}`;
      });
      return `### ${fault[0]?.toUpperCase()}${fault.slice(1)}\n\n${tables.join('\n\n')}`;
    })
    .join('\n\n');
}

/** @param {FaultRow} row */
function lineOf({ role, protocol, counted }) {
  return `| ${role} | ${protocol} | ${counted.replaceAll('|', '\\|')} |`;
}

/**
 * @param {string} text
 * @param {string} name
 * @param {string} body
 */
export function withSection(text, name, body) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no section ${name} to write to.`);
  return `${text.slice(0, from)}${begin}\n\n${body}\n\n${text.slice(to)}`;
}
