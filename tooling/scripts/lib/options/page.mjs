import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../root.mjs';
import { marksIn, optionTable, readmes } from './readme.mjs';

/**
 * The page that has all options of all packages, in the order of their READMEs.
 *
 * @param {readonly import('./tables.mjs').Table[]} tables
 */
export function optionsPage(tables) {
  const packages = readmes().flatMap((file) => {
    const name = basename(dirname(file));
    const marks = marksIn(readFileSync(file, 'utf8'));
    if (marks.length === 0) return [];
    const sections = marks.map((names) => sectionOf(tables.filter((table) => names.includes(table.name))));
    return [`## ${name}\n\n[README](../packages/${name}/README.md)\n\n${sections.join('\n\n')}`];
  });
  return { file: join(root, 'docs', 'options.md'), text: `${HEAD}\n\n${packages.join('\n\n')}\n` };
}

const HEAD = `# Options

Every option of every package, with its default. It is made by \`npm run options\` from the tables that the programs check by, as are those of the READMEs, which say more of when to use what.
In a configuration file a name is written with underscores (\`request_timeout_ms\`), and an editor completes it by the schema that [@intersect-sdk/config](../packages/config/README.md) brings.`;

/** @param {readonly import('./tables.mjs').Table[]} tables */
function sectionOf(tables) {
  const types = tables.map(({ options }) => `\`${options}\``).join(', ');
  return `### ${types}\n\n${optionTable(tables.flatMap(({ rows }) => rows))}`;
}
