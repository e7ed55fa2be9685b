// What the pages of the guide promise: that their programs are run, and that each name and each code has its place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { root } from '../../../scripts/lib/root.mjs';
import { pythonNames } from '../support/python-names.js';
import { fencesIn, guidePages } from '../support/readme-programs.js';

interface ErrorCodeEntry {
  readonly thrownAs: string;
  readonly retryable: boolean;
  readonly mayHaveRun?: boolean;
  readonly meaning: string;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe.each(guidePages())('%s', (page) => {
  test('has no code that no test runs', () => {
    const notRun = fencesIn(read(page)).filter(({ info }) => !/^(ts run\b.*|text)$/.test(info));
    expect(notRun.map(({ info, line }) => `${page}:${line} ${info}`)).toEqual([]);
  });
});

test('each public name of the Python SDK has one row in "Coming from Python"', () => {
  const rows = read('docs/guide/coming-from-python.md').matchAll(/^\| `([\w.]+)` +\| [^|]*\S[^|]* \|/gm);
  expect([...rows].map(([, name]) => name).toSorted()).toEqual(pythonNames);
});

describe('the page of errors', () => {
  const [, ...parts] = read('docs/errors.md').split(/^## /m);
  const sections = new Map(parts.map((part) => [part.split('\n', 1)[0], part]));

  test('has a section for each code, in the order of the table', () => {
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_CODES));
  });

  test.for(Object.entries<ErrorCodeEntry>(ERROR_CODES))(
    'says of %s what the table says, and what to do',
    ([code, entry]) => {
      const { thrownAs, retryable, mayHaveRun, meaning } = entry;
      const later = retryable ? 'can succeed later' : 'fails again without a change';
      const nobody = mayHaveRun === false ? '; nobody got it' : '';
      const start = `${code}\n\n${meaning}\n\n\`${thrownAs}\`; ${later}${nobody}.\n\n**What to do:** `;
      const section = sections.get(code) ?? '';
      expect(section.slice(0, start.length)).toBe(start);
      expect(section.slice(start.length)).toMatch(/^\S.*\.\n/);
    },
  );
});
