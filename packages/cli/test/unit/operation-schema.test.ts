import { buildServiceSchema } from '@intersect-sdk/schema/document';
import { expect, test } from 'vitest';
import { operationSchemaOf } from '../../src/schemas/operation-schema.js';

const document = buildServiceSchema({
  hierarchy: { organization: 'org', facility: 'fac', system: 'sys', subsystem: undefined, service: 'svc' },
  capabilities: [
    {
      name: 'Lab',
      operations: [
        { name: 'nothing' },
        { name: 'point', request: { schema: { $ref: '#/components/schemas/Point' } } },
        { name: 'preset', request: { schema: { type: 'integer', default: 3 } } },
        { name: 'maybe', request: { schema: { anyOf: [{ type: 'integer' }, { type: 'null' }] } } },
        {
          name: 'picture',
          request: { schema: { type: 'string', format: 'binary', contentMediaType: 'image/png' } },
        },
      ],
    },
  ],
  definitions: {
    Point: {
      type: 'object',
      properties: { x: { type: 'number' } },
      required: ['x'],
      additionalProperties: false,
    },
  },
});

function schemaOf(operation: string) {
  const found = operationSchemaOf(document, operation);
  if ('hint' in found) throw new Error(`No ${operation}`);
  return found;
}

test('a named type is followed', () => {
  const { check, mayBeLeftOut } = schemaOf('Lab.point');
  expect(check({ x: 1 })).toMatchObject({ ok: true });
  expect(check({ x: '1' })).toMatchObject({ ok: false, issues: [{ path: 'x' }] });
  expect(mayBeLeftOut).toBe(false);
});

test.each([
  ['Lab.preset', true],
  ['Lab.maybe', true],
  ['Lab.nothing', true],
  ['Lab.picture', true],
  ['Lab.point', false],
])('whether the argument of %s may be left out: %s', (operation, mayBeLeftOut) => {
  expect(schemaOf(operation).mayBeLeftOut).toBe(mayBeLeftOut);
});

test('what takes nothing refuses an argument', () => {
  expect(schemaOf('Lab.nothing').check(1)).toMatchObject({ ok: false });
});

test('bytes have their content type, and any bytes do', () => {
  const { check, contentType } = schemaOf('Lab.picture');
  expect(contentType).toBe('image/png');
  expect(check(new Uint8Array([1]))).toMatchObject({ ok: true });
});

test('an operation that is not there is told with what was meant', () => {
  expect(operationSchemaOf(document, 'Lab.pont')).toEqual({ hint: 'did you mean Lab.point?' });
  expect(operationSchemaOf(document, 'Lab.unlike_any')).toEqual({ hint: '' });
});
