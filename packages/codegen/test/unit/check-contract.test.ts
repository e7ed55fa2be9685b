import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkContract, generateContract } from '../../src/index.js';
import { documentOf, endpoint, fixture } from '../support/documents.js';

const folder = mkdtempSync(join(tmpdir(), 'intersect-codegen-'));
afterAll(() => rmSync(folder, { recursive: true }));
const document = fixture('schema-probe.json');
const text = generateContract(document);

test.each([
  ['as it was generated', text],
  ['with the line ends of Windows', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
])('a file %s is current', async (_name, content) => {
  const file = join(folder, 'current.ts');
  writeFileSync(file, content);
  expect(await checkContract(file, document)).toEqual({ isCurrent: true });
});

test('a file of another document, with further lines, or cut, is not', async () => {
  const file = join(folder, 'other.ts');
  for (const [content, line] of [
    [
      text.replace('size: number', 'size: string'),
      text.slice(0, text.indexOf('size: number')).split('\n').length,
    ],
    [`${text}\n`, text.split('\n').length + 1],
    [text.slice(0, -4), text.split('\n').length - 1],
  ] as const) {
    writeFileSync(file, content);
    expect(await checkContract(file, document)).toEqual({
      isCurrent: false,
      reason: 'different',
      text,
      line,
    });
  }
});

test('a file that is not there is missing; what else is wrong with it is thrown', async () => {
  expect(await checkContract(join(folder, 'none.ts'), document)).toEqual({
    isCurrent: false,
    reason: 'missing',
    text,
  });
  await expect(checkContract(folder, document)).rejects.toMatchObject({ code: 'EISDIR' });
});

test('options are part of what is generated', async () => {
  const file = join(folder, 'options.ts');
  const options = { statusNames: { Probe: 'probe_status' } };
  writeFileSync(file, generateContract(document, options));
  expect(await checkContract(file, document, options)).toEqual({ isCurrent: true });
  expect(await checkContract(file, document)).toMatchObject({ isCurrent: false, reason: 'different' });
});

test.each([
  [{ statusName: {} }, 'statusName', 'did you mean statusNames?'],
  [{ statusNames: 'status' }, 'statusNames', 'must be an object'],
  [{ statusNames: { Probe: "x'; run(); '" } }, 'statusNames.Probe', 'must be letters'],
  [{ statusNames: { Prob: 'status' } }, 'statusNames.Prob', 'did you mean Probe?'],
])('options %j are refused', (options, path, sentence) => {
  expect(() => generateContract(document, options as object)).toThrow(
    expect.objectContaining({ issues: [{ path, message: expect.stringContaining(sentence) }] }),
  );
});

test('a document that cannot be used says all that is wrong with it', () => {
  expect(() => generateContract({ info: {} })).toThrow(expect.objectContaining({ code: 'PAYLOAD_INVALID' }));
  const broken = documentOf({
    endpoints: { op: endpoint({ $ref: '#/components/schemas/Nowhere' }, { type: 'number', minimum: 'low' }) },
    status: { $ref: 'https://elsewhere.example/schema' },
  });
  try {
    generateContract(broken);
    expect.unreachable();
  } catch (error) {
    const { code, issues } = error as { code: string; issues: { path: string }[] };
    expect(code).toBe('CONFIG_INVALID');
    expect(issues.map(({ path }) => path)).toEqual([
      'C.op.request.$ref',
      'C.op.response.minimum',
      'C.status.$ref',
    ]);
  }
});
