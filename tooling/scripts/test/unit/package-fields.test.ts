// What a registry shows of a package before anybody opens its README.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../lib/root.mjs';

const packages = readdirSync(join(root, 'packages')).map((name) => {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
  return { name, fields: JSON.parse(text) as Record<string, unknown> };
});
const published = packages.filter(({ fields }) => fields.private !== true);

describe.each(published)('the package $name', ({ name, fields }) => {
  test('says what it is, by which words it is found, under which licence it stands and where it runs', () => {
    expect(fields.description).toMatch(/^.{20,200}$/);
    expect(fields.license).toBe('BSD-3-Clause');
    expect(fields.engines).toEqual({ node: '>=20.19' });
    const { keywords } = fields as { readonly keywords: readonly string[] };
    expect(keywords).toEqual(expect.arrayContaining(['intersect', 'intersect-sdk']));
    expect(new Set(keywords).size).toBe(keywords.length);
    expect(keywords.length).toBeGreaterThan(5);
  });

  test('brings a README whose title is its name', () => {
    const readme = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
    expect(readme.split('\n', 1)[0]).toBe(`# ${String(fields.name)}`);
    expect(fields.files).toEqual(expect.arrayContaining(['README.md']));
  });
});
