import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { defaultOf } from './default-text.mjs';

/**
 * Puts the tables of options between their marks, `<!-- options: NAME -->` and `<!-- end of options -->`. Several names make one table.
 *
 * @param {string} markdown
 * @param {readonly import('./tables.mjs').Table[]} tables
 */
export function withOptionTables(markdown, tables) {
  return markdown.replace(marked, (_, names) => {
    const rows = namesIn(names).flatMap((name) => {
      const table = tables.find((each) => each.name === name);
      if (!table) throw new Error(`There is no table of options ${name}.`);
      return table.rows;
    });
    return `\n\n${optionTable(rows)}\n\n`;
  });
}

/** The names of the tables that have a place in it. @param {string} markdown */
export const tablesIn = (markdown) => marksIn(markdown).flat();

/** The same, by the place. @param {string} markdown */
export const marksIn = (markdown) => [...markdown.matchAll(marked)].map(([, names = '']) => namesIn(names));

/** The READMEs of the packages. */
export function readmes() {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .map((name) => join(packages, name, 'README.md'))
    .filter((file) => existsSync(file));
}

const marked = /(?<=<!-- options: ([\w, ]+) -->).*?(?=<!-- end of options -->)/gs;

/** @param {string} names */
const namesIn = (names) => names.split(', ');

/** @param {readonly import('./tables.mjs').Row[]} rows */
export function optionTable(rows) {
  const cells = rows.map((row) => [`\`${row.name}\``, defaultOf(row), row.sentence].map(escaped));
  return aligned([['option', 'default', 'meaning'], ...cells]);
}

/** @param {string} text */
const escaped = (text) => text.replaceAll('|', '\\|');

/** As the formatter writes it. @param {string[][]} lines */
function aligned(lines) {
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}
