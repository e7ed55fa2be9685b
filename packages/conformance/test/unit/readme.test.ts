import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../../tooling/scripts/lib/conformance-report.mjs';
import { conformanceCases } from '../../src/index.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, section] = partsOf(readme);

/** The cells of each row of a table, whose first cell looks like this. */
function rows(first: RegExp): string[][] {
  const lines = section.split('\n').map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  return lines.map((cells) => cells.slice(1, -1)).filter(([cell = '']) => first.test(cell));
}

// When these fail, `npm run conformance` writes the tables again.
describe('the tables in the README', () => {
  it('name the cases that the kit has', () => {
    const named = rows(/^`.*`$/).map(([id, title]) => [id, title?.replaceAll('\\', '')]);
    expect(named).toEqual(conformanceCases.map(({ id, title }) => [`\`${id}\``, title.replaceAll('\\', '')]));
  });

  it('count as many of each group as the kit has', () => {
    const [head = []] = rows(/^passed$/);
    const groups = head.slice(1, -1);
    const sizes = groups.map(
      (group) => conformanceCases.filter(({ id }) => id.startsWith(`${group}/`)).length,
    );
    const wanted = [...sizes, conformanceCases.length].map((size) => `/${size}`);
    const counted = rows(/./).filter((cells) => /^\d+\/\d+$/.test(cells.at(-1) ?? ''));
    expect(counted.length).toBeGreaterThanOrEqual(8);
    for (const [, ...cells] of counted) {
      expect(cells.map((cell) => cell.replace(/^\d+/, ''))).toEqual(wanted);
    }
  });
});
