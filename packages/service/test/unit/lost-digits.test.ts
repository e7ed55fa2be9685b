import { expect, it } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { ASKER } from './support/asker.js';
import { processorOf } from './support/processor.js';

const Point = Type.Object({ x: Type.Number(), y: Type.Number() });
const Probe = defineCapability({
  name: 'Probe',
  operations: {
    mirror: { request: Point, response: Point },
    small: { request: Type.Integer({ maximum: 9 }), response: Type.Integer() },
  },
});
const probe = Probe.implement({ mirror: ({ x, y }) => ({ x: y, y: x }), small: (n) => n });

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

it('whole numbers beyond 2^53 in arguments are reported once for each operation, whoever asks', async () => {
  const { ask, reports } = processorOf(probe);
  await ask('Probe.mirror', { body: text('{"x":9007199254740991,"y":1}') });
  expect(reports).toEqual([]);
  const body = text('{"x":9007199254740993,"y":1}');
  expect((await ask('Probe.mirror', { body })).value).toEqual({ x: 1, y: 9007199254740992 });
  await ask('Probe.mirror', { body });
  await ask('Probe.mirror', { body, headers: { source: `${ASKER}2` } });
  expect(reports).toMatchObject([{ kind: 'digits-lost', operation: 'Probe.mirror', source: ASKER }]);
  expect(JSON.stringify(reports)).not.toContain('90071992547409');
});

it('an argument that is refused is reported too, for its own operation', async () => {
  const { ask, reports } = processorOf(probe);
  await ask('Probe.mirror', { body: text('{"x":1,"y":-9007199254740993}') });
  expect((await ask('Probe.small', { body: text('9007199254740993') })).hasError).toBe(true);
  expect(reports).toMatchObject([
    { kind: 'digits-lost', operation: 'Probe.mirror' },
    { kind: 'digits-lost', operation: 'Probe.small' },
    { kind: 'request-refused', operation: 'Probe.small' },
  ]);
});
