import { expect, test } from 'vitest';
import { bundlePage, codeFromTextIn } from './support/page-bundle.js';

const client = "export { IntersectClient } from '@intersect-sdk/client';";
const generated = "export * from '@intersect-sdk/contract/plain';";
const declared = "export * from '@intersect-sdk/contract';";
const contract = `${generated} ${declared} export * as internal from '@intersect-sdk/contract/internal';`;

/** The files of TypeBox that a page loads with a program, below its build. */
async function typeBoxIn(program: string): Promise<string[]> {
  const { metafile } = await bundlePage(program);
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes('/node_modules/typebox/'))
      .map(([path]) => path.replace(/.*\/typebox\/build\//, '')),
  );
}

test('a client without a contract loads nothing of TypeBox, and no checker', async () => {
  expect(await typeBoxIn(client)).toEqual([]);
  const { metafile } = await bundlePage(client);
  expect(Object.keys(metafile.inputs).filter((path) => path.includes('packages/contract/'))).toEqual([]);
});

test('a generated contract brings the checker, and of TypeBox its formats alone', async () => {
  const loaded = await typeBoxIn(generated);
  expect(loaded).not.toEqual([]);
  expect(loaded.filter((path) => !path.startsWith('format/'))).toEqual([]);
});

test('a contract that is declared with TypeBox brings it', async () => {
  expect(await typeBoxIn(declared)).toEqual(expect.arrayContaining([expect.stringMatching(/^type\//)]));
});

test('nothing in it makes code from text, and it would be noticed', async () => {
  expect(await codeFromTextIn(contract)).toEqual([]);
  expect(await codeFromTextIn("globalThis.made = new Function('return 1');")).toHaveLength(1);
});
