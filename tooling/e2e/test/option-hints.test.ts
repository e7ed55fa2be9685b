import { expect, test } from 'vitest';
import { askEditor } from '../../scripts/lib/options/hints.mjs';
import { readTables } from '../../scripts/lib/options/tables.mjs';

test('who installs a package sees the sentence and the default of each option in an editor', async () => {
  const tables = await readTables();
  const { hints, complaints } = askEditor(tables);
  for (const { name, options, rows } of tables) {
    const complaint = new RegExp(`does not exist in type '${options}(<\\w+>)?'`);
    expect(complaints.get(name)).toEqual([expect.stringMatching(complaint)]);
    for (const row of rows) {
      const hint = { type: expect.any(String), sentence: row.sentence, defaultText: row.defaultText };
      expect(hints.get(`${name}.${row.name}`), `${name}.${row.name}`).toEqual({
        hover: hint,
        completion: hint,
      });
    }
  }
}, 120_000);
