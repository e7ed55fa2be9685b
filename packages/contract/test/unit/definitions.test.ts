import { expect, test } from 'vitest';
import { defineCapability } from '../../src/plain.js';

test('the types that schemas name are found among the definitions of their capability', () => {
  const ref = { $ref: '#/components/schemas/Size' };
  const { contract } = defineCapability({
    name: 'Box',
    definitions: { Size: { type: 'integer', minimum: 1 } },
    operations: { set: { request: { type: 'array', items: ref }, response: ref } },
    events: { changed: { schema: ref } },
    status: { schema: ref },
  });
  const set = contract.operation('set');
  expect(set?.argument?.check([1, 2])).toMatchObject({ ok: true });
  expect(set?.argument?.check([1, 0])).toMatchObject({ ok: false, issues: [{ path: '[1]' }] });
  for (const payload of [set?.answer, contract.event('changed'), contract.status()]) {
    expect(payload?.check(1)).toMatchObject({ ok: true });
    expect(payload?.check(0)).toMatchObject({ ok: false });
  }
});

test('a name that is not there is said when the payload is first checked', () => {
  const status = { schema: { $ref: '#/components/schemas/Size' } };
  const { contract } = defineCapability({ name: 'Box', status });
  expect(() => contract.status()?.check(1)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      issues: [{ path: '$ref', message: "refers to the type 'Size', which is not defined" }],
    }),
  );
});
