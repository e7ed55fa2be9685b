import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { toAsyncApi3 } from '../../src/index.js';
import { documentOf, endpoint, fixture, recorded } from '../support/documents.js';

const official: object = specs.schemasWithoutId['3.0.0'];
const isValid = new Ajv({ strict: false, validateFormats: false }).compile(official);
const all = new Map([
  ...recorded,
  ['schema-probe', fixture('schema-probe.json')],
  ['counting', fixture('counting-service.json')],
]);

test.each([...all])('is valid by the official schema: %s', (_name, document) => {
  const converted = toAsyncApi3(document);
  expect(isValid(converted), JSON.stringify(isValid.errors?.slice(0, 5))).toBe(true);
  for (const ref of refsIn(converted)) expect(at(converted, ref), ref).toBeDefined();
});

test('the official schema finds what is wrong', () => {
  expect(
    isValid({ ...toAsyncApi3(fixture('schema-probe.json')), operations: { a: { action: 'ask' } } }),
  ).toBe(false);
});

test('an operation is received and answered, an event is sent', () => {
  const { operations, channels, components } = toAsyncApi3(fixture('schema-probe.json')) as never as {
    operations: Record<string, object>;
    channels: Record<string, { address: string | null }>;
    components: { messages: Record<string, object> };
  };
  expect(operations['Probe.obj']).toMatchObject({
    action: 'receive',
    channel: { $ref: '#/channels/request' },
    description: 'Takes a sample.\n\nMore text.',
    messages: [{ $ref: '#/channels/request/messages/Probe.obj.request' }],
    reply: {
      address: { location: '$message.header#/source' },
      channel: { $ref: '#/channels/reply' },
      messages: [{ $ref: '#/channels/reply/messages/Probe.obj.response' }],
    },
  });
  expect(operations['events.Probe.tick']).toMatchObject({ action: 'send', description: 'a tick' });
  expect(Object.values(channels).map(({ address }) => address)).toEqual([
    'org-a/fac-a/sys-a/-/svc-a/request',
    null,
    'org-a/fac-a/sys-a/-/svc-a/events/Probe/tick',
    'org-a/fac-a/sys-a/-/svc-a/events/Probe/snap',
    'org-a/fac-a/sys-a/-/svc-a/events/Probe/made',
    'org-a/fac-a/sys-a/-/svc-a/lifecycle',
  ]);
  // The content types that the reference writes beside each other's payload.
  expect(components.messages['Probe.img.request']).toMatchObject({ contentType: 'application/octet-stream' });
  expect(components.messages['Probe.img.response']).toMatchObject({ contentType: 'image/png' });
});

test('its schemas say the same as those of the document', () => {
  const converted = toAsyncApi3(
    documentOf(
      { status: { $ref: '#/components/schemas/Box[int]' } },
      {
        'Box[int]': {
          type: 'object',
          properties: { next: { $ref: '#/components/schemas/Box[int]' } },
          required: ['next'],
        },
        Box_int_: { type: 'null' },
      },
    ),
  );
  const { schemas } = converted.components as { schemas: Record<string, { schema: object }> };
  expect(Object.keys(schemas)).toEqual(['Box_int_', 'Box_int_-2']);
  expect(schemas.Box_int_?.schema).toEqual({
    type: 'object',
    properties: { next: { $ref: '#/components/schemas/Box_int_/schema' } },
    required: ['next'],
  });
});

test('keys of extensions are kept where they stood', () => {
  const capability = {
    endpoints: {
      op: {
        ...endpoint(undefined, { type: 'integer', 'x-intersect-unit': 'm' }),
        'x-intersect-stream': true,
      },
    },
    events: { e: { payload: { type: 'null' }, 'x-intersect-rate': 5 } },
    'x-intersect-more': { a: 1 },
  };
  const converted = toAsyncApi3(documentOf(capability, {}, { 'x-intersect-build': 'b1' }));
  expect(isValid(converted)).toBe(true);
  expect(converted).toMatchObject({
    'x-intersect-version': '0.9.6',
    'x-intersect-build': 'b1',
    info: { tags: [{ name: 'C', 'x-intersect-more': { a: 1 } }] },
    operations: { 'C.op': { 'x-intersect-stream': true }, 'events.C.e': { 'x-intersect-rate': 5 } },
    components: { messages: { 'C.op.response': { payload: { schema: { 'x-intersect-unit': 'm' } } } } },
  });
});

function* refsIn(value: unknown): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '$ref' && typeof item === 'string') yield item;
    else yield* refsIn(item);
  }
}

function at(document: object, ref: string): unknown {
  const parts = ref
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce<unknown>(
    (found, part) => (found as Record<string, unknown> | undefined)?.[part],
    document,
  );
}
