import type { IntersectClientConfig, Report } from '@intersect-sdk/client';
import { defineCapability, Type } from '@intersect-sdk/contract';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { beforeEach, expect, test } from 'vitest';
import { askingClient } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected } from './support.js';

// What a contract can have that was made from the document of a Python service: a conditional, which no automaton has.
const Odd = Type.Object({
  label: Type.String({ pattern: '^(a)?(?(1)b|c)$' }),
  size: Type.Optional(Type.Integer()),
});
const Plain = Type.String({ pattern: '^[a-z]+$' });
const Fake = defineCapability({
  name: 'Fake',
  operations: {
    echo: { request: Odd, response: Odd },
    again: { request: Odd, response: Type.Object({}) },
    plain: { request: Plain, response: Plain },
  },
  events: { tick: { schema: Odd } },
  status: { schema: Odd },
});

let broker: MemoryBroker;
let reports: Collected<Report>;

beforeEach(() => {
  broker = new MemoryBroker();
  reports = new Collected();
});

const startClient = (config: Partial<IntersectClientConfig> = {}) =>
  askingClient({ broker, reports }, config).startup();
const startFake = () =>
  FakeService.start(broker, {
    'Fake.echo': echo,
    'Fake.again': () => ({ json: {} }),
    'Fake.plain': echo,
    'Fake.status': () => ({ json: { label: 'x' } }),
  });

/** What reports tell: where a pattern is, and of what. */
const told = () =>
  reports.all.map(({ kind, operation, capability, event, issues }) => [
    kind,
    operation ?? `${capability}.${event}`,
    issues?.map(({ path }) => path),
  ]);
const PATH = ['properties.label.pattern'];

test('a pattern of a contract that is not checked is reported once for each argument, answer and event', async () => {
  await using service = await startFake();
  await using client = await startClient();
  const lab = client.capability(Fake, ADDRESS);
  for (let times = 0; times < 2; times++) {
    expect(await lab.echo({ label: 'neither' })).toEqual({ label: 'neither' });
    expect(await client.capability(Fake, ADDRESS).again({ label: 'neither' })).toEqual({});
  }
  const events = lab.$events('tick');
  await events.ready;
  for (const label of ['one', 'two']) await service.emit('tick', { json: { label } });
  for (let times = 0; times < 2; times++) await events.next();
  await events.stop();
  expect(told()).toEqual([
    ['pattern-unchecked', 'Fake.echo', PATH],
    ['pattern-unchecked', 'Fake.echo', PATH],
    ['pattern-unchecked', 'Fake.again', PATH],
    ['pattern-unchecked', 'Fake.tick', PATH],
  ]);
  expect(reports.all.map(({ message }) => message.replace(/ is .*/, ''))).toEqual([
    'The argument of Fake.echo',
    'The answer of Fake.echo',
    'The argument of Fake.again',
    'The event of Fake.tick',
  ]);
  expect(reports.all[0]?.message).toBe(
    'The argument of Fake.echo is not checked against its whole contract: properties.label.pattern is not checked: the pattern ^(a)?(?(1)b|c)$ has a choice that depends on an earlier group. What it would refuse is taken.',
  );
});

test('so is one of a status, and the rest of the contract is checked', async () => {
  await using _service = await startFake();
  await using client = await startClient();
  const lab = client.capability(Fake, ADDRESS);
  await expect(lab.echo({ label: 'x', size: 'large' } as never)).rejects.toThrow(/size/);
  expect(await lab.$status()).toEqual({ label: 'x' });
  expect(told()).toEqual([['pattern-unchecked', 'Fake.status', PATH]]);
});

test('where all patterns are checked, or nothing shall be, nothing is told', async () => {
  await using _service = await startFake();
  await using client = await startClient();
  const lab = client.capability(Fake, ADDRESS);
  expect(await lab.plain('abc')).toBe('abc');
  expect(await lab.echo({ label: 'x' }, { check: 'none' })).toEqual({ label: 'x' });
  expect(reports.all).toEqual([]);
});
