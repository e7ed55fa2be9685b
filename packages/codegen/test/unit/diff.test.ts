import { describe, expect, test } from 'vitest';
import { diffSchemas } from '../../src/index.js';
import { documentOf, endpoint, fixture, recorded } from '../support/documents.js';

const NULL = { type: 'null' };
const asArgument = (schema: object, schemas = {}) =>
  documentOf({ endpoints: { op: endpoint(schema, NULL) } }, schemas);
const asAnswer = (schema: object, schemas = {}) =>
  documentOf({ endpoints: { op: endpoint(undefined, schema) } }, schemas);

/** `kind` and whom it breaks, as an argument and as an answer. */
function changes(before: object, after: object): string[] {
  return [asArgument, asAnswer].map((place) =>
    diffSchemas(place(before), place(after))
      .map(({ kind, path, breaksCallers, breaksImplementers }) => {
        const broken = [
          ...(breaksCallers ? ['callers'] : []),
          ...(breaksImplementers ? ['implementers'] : []),
        ];
        return `${path.replace(/^C\.op\.(argument|answer)/, '')} ${kind}: ${broken.join(' and ') || 'nobody'}`.trim();
      })
      .join(', '),
  );
}

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const INTEGER = { type: 'integer' };
const TEXT = { type: 'string' };

describe('a change of values', () => {
  test.each<[string, object, object, string, string, string]>([
    [
      'a higher limit below',
      { type: 'number', minimum: 0 },
      { type: 'number', minimum: 1 },
      'limit-narrowed',
      'callers',
      'implementers',
    ],
    [
      'fewer values',
      { type: 'number' },
      { type: 'number', minimum: 0 },
      'limit-narrowed',
      'callers',
      'implementers',
    ],
    [
      'more values',
      { type: 'number', maximum: 1 },
      { type: 'number', maximum: 2 },
      'limit-widened',
      'implementers',
      'callers',
    ],
    [
      'a pattern',
      { ...TEXT, pattern: 'a' },
      { ...TEXT, pattern: 'b' },
      'limit-changed',
      'callers and implementers',
      'callers and implementers',
    ],
    [
      'a multiple of the multiple',
      { type: 'number', multipleOf: 2 },
      { type: 'number', multipleOf: 4 },
      'limit-narrowed',
      'callers',
      'implementers',
    ],
    ['another type', INTEGER, TEXT, 'type-changed', 'callers and implementers', 'callers and implementers'],
    ['a further choice', INTEGER, { anyOf: [INTEGER, NULL] }, 'choice-added', 'implementers', 'callers'],
    ['a choice less', { anyOf: [INTEGER, NULL] }, INTEGER, 'choice-removed', 'callers', 'implementers'],
    ['a further value', { enum: ['a'] }, { enum: ['a', 'b'] }, 'choice-added', 'implementers', 'callers'],
    ['a value less', { enum: ['a', 'b'] }, { const: 'a' }, 'choice-removed', 'callers', 'implementers'],
    ['any text for fixed ones', { enum: ['a', 'b'] }, TEXT, 'choice-added', 'implementers', 'callers'],
    ['any number for whole ones', INTEGER, { type: 'number' }, 'choice-added', 'implementers', 'callers'],
    ['whole numbers for all', { type: 'number' }, INTEGER, 'choice-removed', 'callers', 'implementers'],
    ['anything', TEXT, {}, 'choice-added', 'implementers', 'callers'],
  ])('%s', (_name, before, ...[after, kind, argument, answer]) => {
    const [asAnArgument = '', asAnAnswer = ''] = changes(before, after);
    expect(new Set(asAnArgument.split(', '))).toEqual(new Set([`${kind}: ${argument}`]));
    expect(new Set(asAnAnswer.split(', '))).toEqual(new Set([`${kind}: ${answer}`]));
  });

  test.each<[string, object, object, string, string]>([
    [
      'a further field that must be there',
      object({}),
      object({ a: INTEGER }, { required: ['a'] }),
      '.a field-added: callers',
      '.a field-added: implementers',
    ],
    [
      'a further field that may be there',
      object({}),
      object({ a: INTEGER }),
      '.a field-added: nobody',
      '.a field-added: nobody',
    ],
    [
      'a field with a default',
      object({}),
      object({ a: { ...INTEGER, default: 1 } }),
      '.a field-added: nobody',
      '.a field-added: implementers',
    ],
    [
      'a field less',
      object({ a: INTEGER }, { required: ['a'] }),
      object({}),
      '.a field-removed: implementers',
      '.a field-removed: callers',
    ],
    [
      'a field that may be left out',
      object({ a: INTEGER }, { required: ['a'] }),
      object({ a: INTEGER }),
      '.a field-optional: implementers',
      '.a field-optional: callers',
    ],
    [
      'a field that must be there',
      object({ a: INTEGER }),
      object({ a: INTEGER }, { required: ['a'] }),
      '.a field-needed: callers',
      '.a field-needed: implementers',
    ],
    [
      'no other fields',
      object({ a: INTEGER }),
      object({ a: INTEGER }, { additionalProperties: false }),
      'fields-closed: callers',
      'fields-closed: implementers',
    ],
    [
      'the values of a record',
      { type: 'object', additionalProperties: INTEGER },
      { type: 'object', additionalProperties: { ...INTEGER, minimum: 0 } },
      '.* limit-narrowed: callers',
      '.* limit-narrowed: implementers',
    ],
    [
      'the items of a list',
      { type: 'array', items: INTEGER },
      { type: 'array', items: { anyOf: [INTEGER, NULL] } },
      '[] choice-added: implementers',
      '[] choice-added: callers',
    ],
    [
      'an item of a tuple',
      { type: 'array', prefixItems: [INTEGER], items: false },
      { type: 'array', prefixItems: [TEXT], items: false },
      '[0] type-changed: callers and implementers',
      '[0] type-changed: callers and implementers',
    ],
    [
      'another default',
      { ...INTEGER, default: 1 },
      { ...INTEGER, default: 2 },
      'default-changed: nobody',
      'default-changed: nobody',
    ],
  ])('%s', (_name, before, ...[after, argument, answer]) => {
    expect(changes(before, after)).toEqual([argument, answer]);
  });

  test('a choice of a union is compared with what it became', () => {
    const shape = (tag: string, more: object) =>
      object({ shape: { const: tag }, ...more }, { required: ['shape', ...Object.keys(more)] });
    const before = { oneOf: [shape('square', { side: INTEGER }), shape('circle', { radius: INTEGER })] };
    const after = { oneOf: [shape('circle', { radius: { ...INTEGER, minimum: 1 } }), shape('line', {})] };
    const found = diffSchemas(asArgument(before), asArgument(after));
    expect(found.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'C.op.argument can no longer be object with shape=square',
      'C.op.argument can also be object with shape=line',
      'C.op.argument.radius minimum was not there and is 1',
    ]);
  });

  test('another name or another way to say the same is no change', () => {
    const Old = object({ a: INTEGER, next: { anyOf: [{ $ref: '#/components/schemas/Old' }, NULL] } });
    const New = object({
      next: { anyOf: [NULL, { $ref: '#/components/schemas/New' }] },
      a: { allOf: [{ $ref: '#/components/schemas/Count' }] },
    });
    const before = asArgument({ $ref: '#/components/schemas/Old' }, { Old });
    const after = asArgument(
      { $ref: '#/components/schemas/New' },
      { New, Count: { ...INTEGER, title: 'Count' } },
    );
    expect(diffSchemas(before, after)).toEqual([]);
  });
});

describe('a change of what there is', () => {
  const full = {
    description: 'A',
    endpoints: { op: endpoint(INTEGER, NULL, 'does'), old: endpoint(undefined, NULL) },
    events: { e: { payload: INTEGER } },
    status: INTEGER,
  };
  const found = (before: object, after: object) =>
    diffSchemas(before, after).map(({ kind, path, breaksCallers, breaksImplementers }) => [
      kind,
      path,
      breaksCallers,
      breaksImplementers,
    ]);

  test('operations, events and the status', () => {
    const after = {
      description: 'B',
      endpoints: { op: endpoint(undefined, NULL, 'does it'), more: endpoint(undefined, NULL) },
      events: { f: { payload: INTEGER } },
    };
    expect(found(documentOf(full), documentOf(after))).toEqual([
      ['description-changed', 'C', false, false],
      ['description-changed', 'C.op', false, false],
      ['argument-removed', 'C.op.argument', false, true],
      ['operation-removed', 'C.old', true, false],
      ['operation-added', 'C.more', false, true],
      ['event-removed', 'C.e', true, true],
      ['event-added', 'C.f', false, false],
      ['status-removed', 'C.status', true, false],
    ]);
    expect(found(documentOf({}), documentOf({ status: INTEGER }))).toEqual([
      ['status-added', 'C.status', false, true],
    ]);
  });

  test('an argument where there was none', () => {
    const without = documentOf({ endpoints: { op: endpoint(undefined, NULL) } });
    expect(found(without, asArgument(INTEGER))).toEqual([['argument-added', 'C.op.argument', true, true]]);
    expect(found(without, asArgument({ ...INTEGER, default: 1 }))).toEqual([
      ['argument-added', 'C.op.argument', false, true],
    ]);
    expect(found(asArgument({ ...INTEGER, default: 1 }), asArgument(INTEGER))).toEqual([
      ['argument-needed', 'C.op.argument', true, false],
    ]);
  });

  test('capabilities, the protocol, the address, keys of extensions', () => {
    const one = documentOf(full);
    const other = {
      ...documentOf({}),
      'x-intersect-version': '0.10.0',
      'x-intersect-build': 2,
      info: { title: 'org.fac.sys.-.other' },
      capabilities: { D: full },
    };
    expect(found(one, other)).toEqual([
      ['address-changed', 'info.title', false, false],
      ['protocol-changed', 'x-intersect-version', true, true],
      ['extension-changed', '', false, false],
      ['capability-removed', 'C', true, false],
      ['capability-added', 'D', false, true],
    ]);
    expect(found(one, { ...one, 'x-intersect-version': '0.9.2' })).toEqual([
      ['protocol-changed', 'x-intersect-version', false, false],
    ]);
  });
});

test('a document is no other one than itself', () => {
  for (const document of [...recorded.values(), fixture('schema-probe.json')]) {
    expect(diffSchemas(document, JSON.parse(JSON.stringify(document)))).toEqual([]);
  }
});
