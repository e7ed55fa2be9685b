// Each exit code by a fault that a person can meet.
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrokerPlace, describeEachBroker } from '../support/each-broker.js';
import { startProbe } from '../support/probe.js';
import { emptyHome, run } from '../support/run-in-process.js';
import { startProgram } from '../support/run-program.js';

describeEachBroker((title, placeOf) => {
  describe(title, () => {
    let probe: Awaited<ReturnType<typeof startProbe>>;
    let place: BrokerPlace;
    beforeAll(async () => {
      place = await placeOf();
      probe = await startProbe([place.config], `exit-${process.pid}-${title.replace(/\W+/g, '-')}`);
    });
    afterAll(() => probe[Symbol.asyncDispose]());

    const at = (url: string, ...args: readonly string[]) => run(['call', ...args, '--broker', url, '--json']);
    const call = (...args: readonly string[]) => at(place.url, probe.address, ...args);

    test('0: answered', async () => {
      const ran = await call('Probe.greet', '"you"');
      expect(ran.json()).toEqual({
        address: probe.address,
        operation: 'Probe.greet',
        contentType: 'application/json',
        checkedBy: 'service',
        answer: 'Hello, you!',
      });
      expect(ran.exit).toBe(0);
    });

    test('1: usage', async () => {
      const ran = await call('Probe.greet', 'you', '--no-check');
      expect(ran.json()).toMatchObject({ error: { code: 'USAGE', exitCode: 1 } });
      expect(ran.stderr).toContain(`a text is written with quotes, '"you"'`);
      expect(ran.exit).toBe(1);
    });

    test('2: cannot connect, for a wrong password', async () => {
      const wrong = place.url.replace(/:[^:@]*@/, ':wrong-password@');
      const ran = await at(wrong, probe.address, 'Probe.greet', '"you"');
      expect(ran.json()).toMatchObject({ error: { code: 'AUTH_REFUSED', exitCode: 2 } });
      expect(ran.stdout + ran.stderr).not.toContain('wrong-password');
      expect(ran.exit).toBe(2);
    });

    test('2: cannot connect, where nothing listens', async () => {
      const ran = await at(place.url.replace(/:\d+$/, ':1'), probe.address, 'Probe.greet', '"you"');
      expect(ran.json()).toMatchObject({ error: { code: 'CONNECT_REFUSED', exitCode: 2 } });
      expect(ran.exit).toBe(2);
    });

    test('3: no such service', async () => {
      const ran = await at(place.url, 'no.one.lives.-.here', 'Probe.greet', '"you"');
      expect(ran.json()).toMatchObject({ error: { code: 'UNROUTABLE', exitCode: 3 } });
      expect(ran.exit).toBe(3);
    });

    test('4: timeout', async () => {
      const ran = await call('Probe.never', '--timeout', '200ms', '--no-check');
      expect(ran.json()).toMatchObject({ error: { code: 'REQUEST_TIMEOUT', exitCode: 4 } });
      expect(ran.exit).toBe(4);
    });

    test('5: answered with an error, in the words of the service', async () => {
      const ran = await call('Probe.fail');
      expect(ran.json()).toMatchObject({ error: { code: 'REMOTE_ERROR', exitCode: 5 } });
      expect(ran.stderr).toContain('It is Sunday.');
      expect(ran.exit).toBe(5);
    });

    test('6: an argument that does not fit', async () => {
      const ran = await call('Probe.greet', '17');
      expect(ran.json()).toMatchObject({
        error: { code: 'SCHEMA_MISMATCH', exitCode: 6, issues: [{ path: '' }] },
      });
      expect(ran.exit).toBe(6);
    });

    test('130: stopped, while it waits for an answer', async () => {
      const stop = new AbortController();
      const isAsked = probe.neverIsAsked();
      const args = ['call', probe.address, 'Probe.never', '--broker', place.url, '--json', '--no-check'];
      const ran = run(args, { signal: stop.signal });
      await isAsked;
      stop.abort();
      expect((await ran).json()).toEqual({
        error: { code: 'STOPPED', message: 'It was stopped.', exitCode: 130 },
      });
      expect((await ran).exit).toBe(130);
    });
  });
});

const MISFITS = [
  ...[17, -1, 0.5, true, false, [], {}, [null], ['you'], { name: 'you' }].map((value) => ({
    operation: 'greet',
    value,
  })),
  ...Array.from({ length: 10 }, (_, n) => ({ operation: 'greet', value: 'x'.repeat(21 + n) })),
  ...[1, 'a', [], {}, true, [1], 'null', 0, -1, 1e300].map((value) => ({ operation: 'big', value })),
  ...[1, 'a', [], {}, true, [1], 'null', 0, -1, 1e300].map((value) => ({ operation: 'fail', value })),
];

test('of forty arguments that do not fit, not one gets to the broker', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const url = `mqtt://intersect_username:intersect_password@${new URL(broker.url).host}`;
  const { port } = new URL(broker.url);
  const config = {
    protocol: 'mqtt5.0',
    port: Number(port),
    username: 'intersect_username',
    password: 'intersect_password',
  };
  await using probe = await startProbe([config as never]);
  const operations: string[] = [];
  broker.onTraffic((event) => {
    if (event.type !== 'published') return;
    operations.push(...event.headers.filter(([name]) => name === 'operation_id').map(([, value]) => value));
  });
  const env = emptyHome();
  expect(MISFITS).toHaveLength(40);
  for (const { operation, value } of MISFITS) {
    const args = ['call', probe.address, `Probe.${operation}`, JSON.stringify(value), '--broker', url];
    const { exit, stdout } = await run(args, { env });
    expect({ exit, stdout, value }).toEqual({ exit: 6, stdout: '', value });
  }
  // Only its schema was asked for.
  expect(new Set(operations)).toEqual(new Set(['intersect_sdk.system_capability']));
  expect((await run(['call', probe.address, 'Probe.greet', '"you"', '--broker', url], { env })).exit).toBe(0);
  expect(operations).toContain('Probe.greet');
});

test('Ctrl+C ends the program in order, with 130', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const url = `mqtt://intersect_username:intersect_password@${new URL(broker.url).host}`;
  const listening = new Promise<void>((resolve) => {
    broker.onTraffic((event) => {
      if (event.type === 'subscribed' && event.filter.endsWith('/Probe/ticked')) resolve();
    });
  });
  const left = new Promise<number | undefined>((resolve) => {
    broker.onTraffic((event) => {
      if (event.type === 'disconnected') resolve(event.reasonCode);
    });
  });
  const program = startProgram([
    ...['listen', 'one.two.three.-.four', 'Probe.ticked'],
    ...['--broker', url, '--json'],
  ]);
  await listening;
  program.kill('SIGINT');
  expect(await program.ended).toEqual({
    exit: 130,
    stdout: '{"error":{"code":"STOPPED","message":"It was stopped.","exitCode":130}}\n',
    stderr: '',
  });
  // It took its leave of the broker.
  expect(await left).toBe(0);
});
