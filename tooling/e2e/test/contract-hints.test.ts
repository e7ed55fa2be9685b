import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Editor } from '../../scripts/lib/options/editor.mjs';

const file = fileURLToPath(new URL('program.ts', import.meta.url));
const program = `
import { Binary, defineCapability, Type } from '@intersect-sdk/contract';
import type { ArgumentOf } from '@intersect-sdk/contract/plain';
const Sample = Type.Object({ label: Type.String(), mode: Type.Union([Type.Literal('fast'), Type.Literal('slow')]) });
export const Scales = defineCapability({
  name: 'Scales',
  operations: {
    weigh: { request: Sample, response: Type.Number(), timeLimitMs: 5 },
    picture: { response: Binary('image/png') },
  },
  status: { schema: Type.Object({ kilograms: Type.Optional(Type.Number()) }) },
});
export type Argument = ArgumentOf<typeof Scales, 'weigh'>;
export const scales = Scales.implement({
  weigh: (sample, context) => sample.label.length + context.messageId.length,
  picture: () => new Uint8Array(),
  status: () => ({}),
});
`;

const editor = new Editor({ noErrorTruncation: true });
editor.write(file, program);

/** What is shown where the mouse rests on the last character of a text. */
function hover(text: string) {
  return editor.hover(file, program.indexOf(text) + text.length - 1);
}

test('the program has no errors', () => {
  expect(editor.problems(file)).toEqual([]);
});

test('hovering shows types that a person can read, and nothing of TypeBox', () => {
  expect(hover('const Scales')?.type.replace(/\s+/g, ' ')).toBe(
    'const Scales: CapabilityDefinition<{ operations: { weigh: { argument: { label: string; mode: "fast" | "slow"; }; answer: number; }; ' +
      'picture: { argument: undefined; answer: Uint8Array<ArrayBufferLike>; }; }; events: Record<never, never>; ' +
      'status: { name: "status"; value: { kilograms?: number; }; }; }>',
  );
  expect(hover('type Argument')?.type.replace(/\s+/g, ' ')).toBe(
    'type Argument = { label: string; mode: "fast" | "slow"; }',
  );
  expect(hover('(sample')?.type.replace(/\s+/g, ' ')).toBe(
    '(parameter) sample: { label: string; mode: "fast" | "slow"; }',
  );
});

test('whoever writes a declaration is shown what each option means', () => {
  const place = program.indexOf('timeLimitMs');
  expect(editor.completion(file, place, 'idempotent')).toMatchObject({
    sentence: expect.stringContaining('Whether running it twice comes to the same as running it once.'),
    defaultText: 'false',
  });
});
