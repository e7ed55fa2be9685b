import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCommandLine } from '../../src/command-line.js';
import { manifestFor } from '../../src/manifest.js';

const scope = (names: readonly string[]): string[] => names.map((name) => `@intersect-sdk/${name}`);
const used = ['client', 'config', 'contract', 'service', 'transport-mqtt'];
const tools = ['cli', 'dev-broker', 'testing'];
const needs = Object.fromEntries(scope([...used, ...tools]).map((name) => [name, scope(['messaging'])]));
const versions = {
  version: '1.2.3',
  others: { '@types/node': '20', typescript: '6', vite: '8' },
  needs: { ...needs, '@intersect-sdk/messaging': scope(['core']), '@intersect-sdk/core': [] },
};

const folder = mkdtempSync(join(tmpdir(), 'intersect-tarballs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function manifest(...words: string[]) {
  const wanted = readCommandLine(words, folder);
  if (!wanted) throw new Error('help was asked for');
  return manifestFor(wanted, versions) as Record<string, Record<string, string>>;
}

test('packages of the SDK have the version of this program, others those that the SDK is built with', () => {
  const { dependencies, devDependencies, scripts } = manifest('lab', '--template', 'full');
  expect(dependencies).toEqual(Object.fromEntries(scope(used).map((name) => [name, '^1.2.3'])));
  expect(devDependencies).toMatchObject({ ...versions.others, '@intersect-sdk/testing': '^1.2.3' });
  expect(scripts?.build).toBe('tsc && vite build --outDir dist/page');
  expect(manifest('lab').devDependencies).not.toHaveProperty('vite');
  expect(manifest('lab', '--template', 'browser').scripts).not.toHaveProperty('client');
});

test('tarballs are named as files, with what they need of each other', () => {
  for (const name of [...used, ...tools, 'messaging', 'core', 'transport-amqp']) {
    writeFileSync(join(folder, `intersect-sdk-${name}-0.0.0.tgz`), '');
  }
  const { dependencies, devDependencies } = manifest('lab', '--packages', '.');
  expect(dependencies).toEqual(
    Object.fromEntries(
      [...used, 'core', 'messaging'].map((name) => [
        `@intersect-sdk/${name}`,
        `file:../intersect-sdk-${name}-0.0.0.tgz`,
      ]),
    ),
  );
  expect(devDependencies?.['@intersect-sdk/cli']).toBe('file:../intersect-sdk-cli-0.0.0.tgz');
  rmSync(join(folder, 'intersect-sdk-core-0.0.0.tgz'));
  expect(() => manifest('lab', '--packages', '.')).toThrow('There is no tarball of @intersect-sdk/core in');
});
