// What a reader of a package's README has to know before its first command and its first program.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../../scripts/lib/root.mjs';

/** The console comes within the command line, and is not installed by itself. */
const published = readdirSync(join(root, 'packages')).filter((name) => name !== 'console');
const readmes = published.map((name) => ({
  name,
  text: readFileSync(join(root, 'packages', name, 'README.md'), 'utf8'),
}));

describe.each(readmes)('the README of $name', ({ name, text }) => {
  test('says how the package is installed, and how before it is on npm', () => {
    const isCreator = name === 'create-intersect';
    const [, install = ''] = /```sh\n(npm (?:install|create) [\s\S]*?)```\n\n/.exec(text) ?? [];
    expect(install).toContain(isCreator ? 'npm create intersect ' : `@intersect-sdk/${name}`);
    const [, after = ''] =
      (isCreator ? /\n(\[Before.*)/ : /```sh\nnpm install [\s\S]*?```\n\n(.*)/).exec(text) ?? [];
    expect(after).toContain('(../../README.md#before-the-first-release)');
  });

  test('says of each program that needs a broker, a service or a data store what that is', () => {
    const parts = text.split(/```ts run/);
    for (const [index, part] of parts.slice(1).entries()) {
      const [flags = ''] = part.split('\n');
      if (!/service=|broker=/.test(flags)) continue;
      const before = (parts[index] ?? '').split('\n## ').at(-1);
      expect(before).toMatch(/needs\s[\s\S]*(?:broker|RabbitMQ|data store)/);
    }
  });
});
