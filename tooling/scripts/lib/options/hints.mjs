import { join } from 'node:path';
import { Editor } from './editor.mjs';
import { entryOf } from './tables.mjs';

/**
 * What an editor shows to somebody who writes options.
 *
 * @typedef {object} Shown
 * @property {Map<string, { hover: Hint | undefined, completion: Hint | undefined }>} hints By `TABLE.option`: where the mouse
 *   rests on it, and where it is offered.
 * @property {Map<string, string[]>} complaints By `TABLE`: what the compiler says of an option named `misspelt`.
 */

/**
 * @param {readonly import('./tables.mjs').Table[]} tables
 * @param {{ conditions?: string[], overlay?: import('./tables.mjs').Overlay }} [options] With the condition
 *   `intersect-source` the packages' sources are read, without it their declarations.
 * @returns {Shown}
 */
export function askEditor(tables, { conditions = [], overlay = new Map() } = {}) {
  const editor = new Editor({ customConditions: conditions });
  for (const [file, text] of overlay) editor.write(file, text);
  /** @type {Shown} */
  const shown = { hints: new Map(), complaints: new Map() };
  const programs = tables.map((table) => ({ ...table, ...programFor(table) }));
  for (const { program, text } of programs) editor.write(program, text);
  for (const { name, rows, program, text } of programs) {
    for (const row of rows) {
      shown.hints.set(`${name}.${row.name}`, {
        hover: editor.hover(program, text.search(new RegExp(`\\b${row.name}: null`))),
        completion: editor.completion(program, text.lastIndexOf('}'), row.name),
      });
    }
    shown.complaints.set(
      name,
      editor.problems(program).filter((problem) => problem.includes('misspelt')),
    );
  }
  return shown;
}

/** @param {import('./tables.mjs').Table} table */
function programFor({ name, file, options, rows }) {
  const { folder, entry: from } = entryOf(file, options ?? '');
  const text = `import type { ${options} } from '${from}';
const all: ${options} = { ${rows.map((row) => `${row.name}: null as never`).join(', ')} };
const wrong: ${options} = { ...all, misspelt: null as never };
const none: ${options} = { };
`;
  // In the package's folder, where the package finds itself by its name.
  return { text, program: join(folder, 'test', `${name}.ts`) };
}

/** @typedef {import('./editor.mjs').Hint} Hint */
