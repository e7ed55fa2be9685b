// What a service that is busy says to a client, and what a request says of its time.
import { IntersectClient, type IntersectClientConfig } from '@intersect-sdk/client';
import { requestChannel } from '@intersect-sdk/core';
import { ACCEPT_HEADER, TIMEOUT_HEADER } from '@intersect-sdk/core/internal';
import { defineCapability, IntersectService, type Observation, Type } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';

const Lab = defineCapability({
  name: 'Lab',
  operations: { scan: { request: Type.Integer(), response: Type.Integer(), acknowledge: 'on-start' } },
});

async function couple(config: Partial<IntersectClientConfig> = {}) {
  const broker = new MemoryBroker();
  const seen: Observation[] = [];
  const runs: number[] = [];
  const waiting: (() => void)[] = [];
  const lab = Lab.implement({
    scan: async (number) => {
      runs.push(number);
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return number;
    },
  });
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'lab' };
  const service = await new IntersectService([lab], {
    hierarchy,
    brokers: [memoryTransport(broker)],
    maxWaiting: 1,
  }).startup();
  const onMessage = (observation: Observation): void => void seen.push(observation);
  const brokers = [memoryTransport(broker)];
  const client = await new IntersectClient({ brokers, observers: [{ onMessage }], ...config }).startup();
  const sent = () => seen.filter(({ kind, channel }) => kind === 'sent' && channel.endsWith('/request'));
  return {
    client,
    runs,
    sent,
    lab: client.capability(Lab, service.address),
    next: () => waiting.shift()?.(),
    async [Symbol.asyncDispose]() {
      await client.shutdown();
      await service.shutdown();
    },
  };
}

test('where a request may be repeated, it is as long as the service is busy, and runs once', async () => {
  await using programs = await couple();
  const retry = { attempts: 1_000_000, minDelayMs: 1, maxDelayMs: 1 };
  const numbers = [1, 2, 3, 4, 5];
  const asked = Promise.all(numbers.map((number) => programs.lab.scan(number, { retry })));
  for (let number = 1; number <= numbers.length; number++) {
    await expect.poll(() => programs.runs.length).toBe(number);
    programs.next();
  }
  expect(await asked).toEqual(numbers);
  expect(programs.runs.toSorted()).toEqual(numbers);
  expect(programs.sent().length).toBeGreaterThan(numbers.length);
  for (const { headers } of programs.sent()) expect(headers[ACCEPT_HEADER]).toBe('busy');
});

test('when its tries are used up, it says that the service is busy, and that it did not run', async () => {
  await using programs = await couple({ retry: { attempts: 2, minDelayMs: 1, maxDelayMs: 1 } });
  const running = [programs.lab.scan(1), programs.lab.scan(2)];
  await expect.poll(() => programs.sent().length).toBe(2);
  await expect.poll(() => programs.runs.length).toBe(1);
  await expect(programs.lab.scan(3)).rejects.toMatchObject({
    code: 'SERVICE_BUSY',
    retryable: true,
    mayHaveRun: false,
  });
  programs.next();
  await running[0];
  await expect.poll(() => programs.runs.length).toBe(2);
  programs.next();
  await running[1];
});

test('one that is sent once waits, and says nothing of it', async () => {
  await using programs = await couple();
  const numbers = [1, 2, 3, 4];
  const asked = Promise.all(numbers.map((number) => programs.lab.scan(number, { timeoutMs: 99_999.5 })));
  for (let number = 1; number <= numbers.length; number++) {
    await expect.poll(() => programs.runs.length).toBe(number);
    programs.next();
  }
  expect(await asked).toEqual(numbers);
  const headers = programs.sent().map((message) => message.headers);
  expect(headers.map((names) => names[ACCEPT_HEADER])).toEqual([undefined, undefined, undefined, undefined]);
  expect(headers.map((names) => names[TIMEOUT_HEADER])).toEqual(['100000', '100000', '100000', '100000']);
});

test('what nobody waits for says nothing of its time', async () => {
  const { client, sent, ...programs } = await couple({
    terminateAfterInitialMessages: true,
    initialMessageEventConfig: {
      messagesToSend: [{ destination: 'org.fac.sys.-.lab', operation: 'Lab.scan', payload: 1 }],
    },
  });
  await using _programs = programs;
  await expect.poll(() => programs.runs.length).toBe(1);
  expect(sent().map(({ headers }) => headers[TIMEOUT_HEADER])).toEqual([undefined]);
  programs.next();
  await client.shutdown();
});

test('one that lasts as long as the service gives signs of life says nothing of its time', async () => {
  await using programs = await couple();
  const retry = { attempts: 2 };
  const asked = programs.lab.scan(1, { idleTimeoutMs: 3_600_000, retry });
  await expect.poll(() => programs.runs.length).toBe(1);
  programs.next();
  expect(await asked).toBe(1);
  const [headers] = programs.sent().map((message) => message.headers);
  expect(headers?.[TIMEOUT_HEADER]).toBeUndefined();
  expect(headers?.[ACCEPT_HEADER]).toBe('parts,busy');
});

test('what lasts as long as there are signs of life is kept by the broker for a service that comes later', async () => {
  const broker = new MemoryBroker();
  const address = 'org.fac.sys.-.later';
  const session = { id: 'later', keepForMs: 60_000, keepAfterClose: true };
  const got: string[] = [];
  const start = async () => {
    const transport = memoryTransport(broker, { name: 'later' });
    await transport.connect({ session });
    await transport.subscribe(
      requestChannel(address),
      ({ headers }) => void got.push(headers.operation_id ?? ''),
      {
        retention: 'durable',
      },
    );
    return transport;
  };
  await (await start()).drain();
  const client = await new IntersectClient({
    brokers: [memoryTransport(broker)],
    requestTimeoutMs: 1,
  }).startup();
  const ask = (operation: string, idleTimeoutMs?: number) =>
    client.request({ destination: address, operation, payload: 1 }, { idleTimeoutMs });
  await expect(ask('Lab.short')).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
  await expect(ask('Lab.long', 60_000)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
  await using _later = await start();
  await expect.poll(() => got).toEqual(['Lab.long']);
  await client.shutdown();
});
