import { expect, test } from 'vitest';
import { bundlePage, codeFromTextIn } from './support/page-bundle.js';

// The package holds its validator itself, so its built files are searched for what only the validator has.

const everything = "export * from '@intersect-sdk/schema';";
const document = "export * from '@intersect-sdk/schema/document';";

async function namesOfValidatorIn(program: string): Promise<string[]> {
  const { outputFiles } = await bundlePage(program);
  return outputFiles.flatMap(({ text }) => text.match(/\bAjv2020\b/g) ?? []);
}

test('the main entry brings the validator, which makes code from text', async () => {
  expect(await namesOfValidatorIn(everything)).not.toEqual([]);
  expect(await codeFromTextIn(everything)).not.toEqual([]);
});

test('the documents come without the validator, and without code made from text', async () => {
  expect(await namesOfValidatorIn(document)).toEqual([]);
  expect(await codeFromTextIn(document)).toEqual([]);
});
