// Each command against a service of this SDK: on the embedded broker, and on RabbitMQ by both protocols.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntersectClient } from '@intersect-sdk/client';
import { buildServiceSchema } from '@intersect-sdk/schema/document';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SchemaCache } from '../../src/schemas/schema-cache.js';
import { type BrokerPlace, describeEachBroker } from '../support/each-broker.js';
import { HIERARCHY, Probe, startProbe } from '../support/probe.js';
import { emptyHome, type RunOptions, run } from '../support/run-in-process.js';

function file(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), name);
}

describeEachBroker((title, placeOf) => {
  describe(title, () => {
    let place: BrokerPlace;
    let probe: Awaited<ReturnType<typeof startProbe>>;
    beforeAll(async () => {
      place = await placeOf();
      probe = await startProbe([place.config], `cli-${process.pid}-${title.replace(/\W+/g, '-')}`);
    });
    afterAll(() => probe[Symbol.asyncDispose]());

    const intersect = (args: readonly string[], options: RunOptions = {}) =>
      run([...args, '--broker', place.url], options);
    const call = (operation: string, ...args: readonly string[]) =>
      intersect(['call', probe.address, operation, ...args]);

    test('a service of this SDK is asked for its schema, which is remembered', async () => {
      const env = emptyHome();
      const args = ['call', probe.address, 'Probe.greet', '"you"', '--json'];
      const first = await intersect(args, { env });
      expect(first.json()).toMatchObject({ answer: 'Hello, you!', checkedBy: 'service' });
      expect(first.stderr).toBe('');
      expect((await intersect(args, { env })).json()).toMatchObject({
        answer: 'Hello, you!',
        checkedBy: 'cache',
      });
    });

    test('what an old schema refuses is checked by a new one', async () => {
      const env = emptyHome();
      const { host, port, vhost } = place.config as { host: string; port: number; vhost?: string };
      const old = buildServiceSchema({
        hierarchy: HIERARCHY,
        capabilities: [
          { name: 'Probe', operations: [{ name: 'greet', request: { schema: { type: 'integer' } } }] },
        ],
      });
      await new SchemaCache(env, { brokers: [{ host, port, vhost }] as never }).write(probe.address, old);
      const ran = await intersect(['call', probe.address, 'Probe.greet', '"you"', '--json'], { env });
      expect(ran.json()).toMatchObject({ answer: 'Hello, you!', checkedBy: 'service' });
    });

    test('an argument that does not fit is sent where --no-check says so, and refused by the service', async () => {
      const ran = await call('Probe.greet', '17.5', '--no-check', '--json');
      expect(ran.json()).toMatchObject({ error: { code: 'REMOTE_ERROR' } });
      expect(ran.exit).toBe(5);
    });

    test('the digits of whole numbers are kept', async () => {
      expect((await call('Probe.big')).stdout).toBe('12345678901234567890\n');
      expect((await call('Probe.big', '--json')).stdout).toContain('"answer":12345678901234567890');
    });

    test('bytes go out of a file and come into one', async () => {
      const given = Uint8Array.from({ length: 256 }, (_, n) => n);
      const [from, to] = [file('in.png'), file('out.png')];
      writeFileSync(from, given);
      const ran = await call('Probe.picture', `@${from}`, '--out', to, '--json');
      expect(ran.json()).toMatchObject({ file: to, bytes: 256, contentType: 'image/png' });
      expect(new Uint8Array(readFileSync(to))).toEqual(given);
    });

    test('the items of a stream come one by one, a line each, and in one file as a list', async () => {
      expect((await call('Probe.scan', '3')).stdout).toBe('0\n1\n2\n');
      const objects = (await call('Probe.scan', '2', '--json')).stdout.trimEnd().split('\n');
      expect(objects.map((line) => JSON.parse(line).item)).toEqual([0, 1]);
      const to = file('items.json');
      await call('Probe.scan', '3', '--out', to);
      expect(JSON.parse(readFileSync(to, 'utf8'))).toEqual([0, 1, 2]);
    });

    test('whoever stops it stops the service, too', async () => {
      const ended = probe.countEnded();
      const stop = new AbortController();
      const args = ['call', probe.address, 'Probe.count'];
      const ran = await intersect(args, {
        signal: stop.signal,
        onData: (text) => text.startsWith('100\n') && stop.abort(),
      });
      expect(ran.exit).toBe(130);
      await ended;
    });

    test('progress is shown where a person looks', async () => {
      const args = ['call', probe.address, 'Probe.expose'];
      const seen = await intersect(args, { isTerminal: true });
      expect(seen.stderr).toContain('25 % warming up {"kelvin":300}\n');
      expect(seen.stdout).toBe('"exposed"\n');
      expect((await intersect(args)).stderr).toBe('');
    });

    test('an argument comes from standard input', async () => {
      const args = ['call', probe.address, 'Probe.greet', '-'];
      expect((await intersect(args, { stdin: '"you"\n' })).stdout).toBe('"Hello, you!"\n');
    });

    test('bytes are not thrown at a person', async () => {
      const ran = await intersect(['call', probe.address, 'Probe.picture', '-'], {
        stdin: 'PNG',
        isTerminal: true,
      });
      expect(ran.exit).toBe(1);
      expect(ran.stderr).toContain('The answer is 3 bytes of image/png: give --out FILE');
    });

    test('ping: up, and absent', async () => {
      const up = await intersect(['ping', probe.address, '--json']);
      expect(up.json()).toMatchObject({ state: 'up', address: probe.address });
      expect(up.exit).toBe(0);
      const absent = await intersect(['ping', 'no.one.lives.-.here', '--json']);
      expect(absent.json()).toEqual({ state: 'absent', address: 'no.one.lives.-.here' });
      expect(absent.exit).toBe(3);
    });

    test('services: one that starts is seen, and then checked against without being asked', async () => {
      const env = emptyHome();
      let seen: () => void = () => {};
      const isSeen = new Promise<void>((resolve) => {
        seen = resolve;
      });
      const stop = new AbortController();
      const name = `late-${process.pid}-${title.replace(/\W+/g, '-')}`;
      const address = probe.address.replace(/[^.]+$/, name);
      const watching = intersect(['services', '--watch', '--json'], {
        env,
        signal: stop.signal,
        onData: (text) => {
          if (text.includes(`"${address}"`) && text.includes('"up"')) seen();
        },
      });
      // Nobody tells when the directory listens: until it does, services start and end unseen.
      let isOver = false;
      void Promise.race([isSeen, watching]).then(() => {
        isOver = true;
      });
      while (!isOver) {
        await using late = await startProbe([place.config], name);
        expect((await intersect(['ping', late.address])).exit).toBe(0);
      }
      stop.abort();
      const { exit, stdout } = await watching;
      expect(exit).toBe(130);
      const changes = stdout
        .split('\n')
        .flatMap((line) => (line.includes(`"${address}"`) ? [JSON.parse(line)] : []));
      expect(changes).toContainEqual(expect.objectContaining({ address, state: 'up' }));
      const ran = await intersect(['call', address, 'Probe.greet', '17', '--json'], { env });
      expect(ran.json()).toMatchObject({ error: { code: 'SCHEMA_MISMATCH' } });
    });

    test('status', async () => {
      const { stdout, exit } = await intersect(['status', probe.address]);
      expect(stdout).toMatch(/^intersect_sdk\.uptime\t"PT/m);
      expect(exit).toBe(0);
    });

    test('schema', async () => {
      const { stdout, exit } = await intersect(['schema', probe.address]);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(probe.service.schema)));
      expect(exit).toBe(0);
    });

    test.each([
      ['one service', () => probe.address],
      ['all', () => '*'],
    ])('listen to %s', async (_, address) => {
      const stop = new AbortController();
      const heard: string[] = [];
      const ran = intersect(['listen', address(), 'Probe.ticked', '--count', '2', '--json'], {
        signal: stop.signal,
        onData: (text) => heard.push(text),
      });
      // The listener is there a while after it was started, and nobody tells when: what is told until then goes past it.
      for (let n = 1; (await Promise.race([ran, nothingYet()])) === undefined; n++) await probe.tick(n);
      const { exit, stdout } = await ran;
      expect(exit).toBe(0);
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { payload: number });
      expect(events).toHaveLength(2);
      expect(events[0]).toMatchObject({
        source: probe.address,
        event: 'Probe.ticked',
        contentType: 'application/json',
      });
      expect(events[1]?.payload).toBe((events[0]?.payload ?? 0) + 1);
    });

    test('listen ends when its time is over, which is no fault', async () => {
      const ran = await intersect(['listen', probe.address, 'Probe', '--for', '50ms', '--json']);
      expect(ran).toMatchObject({ exit: 0, stdout: '' });
    });

    test('a monitor sees requests and answers, records them, and makes nobody look as if he were there', async () => {
      const stop = new AbortController();
      const record = file('record.jsonl');
      let seen = () => {};
      const isSeen = new Promise<void>((resolve) => {
        seen = resolve;
      });
      const filter = ['--filter', 'operation=Probe.*', 'kind=answer', `source=${probe.address}`];
      const monitor = intersect(['monitor', ...filter, '--record', record, '--json'], {
        signal: stop.signal,
        onData: () => seen(),
      });
      let isOver = false;
      void Promise.race([isSeen, monitor]).then(() => {
        isOver = true;
      });
      while (!isOver) await call('Probe.greet', '"you"');
      expect((await call('Probe.greet', '"you"')).exit).toBe(0);
      expect((await intersect(['call', 'no.one.lives.-.here', 'Probe.greet', '"you"'])).exit).toBe(3);
      stop.abort();
      const { exit, stdout } = await monitor;
      expect(exit).toBe(130);
      for (const line of stdout.trimEnd().split('\n')) {
        expect(JSON.parse(line)).toMatchObject({
          kind: 'answer',
          source: probe.address,
          operation: 'Probe.greet',
          hasError: false,
        });
      }
      const [first = ''] = readFileSync(record, 'utf8').split('\n');
      const recorded = JSON.parse(first) as { base64: string };
      expect(Buffer.from(recorded.base64, 'base64').toString()).toBe('"Hello, you!"');
    });

    test('a mock made of the document of a service answers a typed client', async () => {
      const stop = new AbortController();
      const address = probe.address.replace(/[^.]+$/, 'mocked-service');
      const document = file('schema.json');
      writeFileSync(
        document,
        JSON.stringify({ ...probe.service.schema, info: { ...probe.service.schema.info, title: address } }),
      );
      let up = () => {};
      const isUp = new Promise<void>((resolve) => {
        up = resolve;
      });
      const mock = intersect(['mock', document, '--seed', '7'], { signal: stop.signal, onData: () => up() });
      await Promise.race([isUp, mock.then((ran) => Promise.reject(new Error(ran.stderr)))]);
      const client = new IntersectClient({ brokers: [place.config] });
      await client.startup();
      try {
        const lab = client.capability(Probe, address);
        expect(typeof (await lab.greet('you'))).toBe('string');
        expect(await lab.picture(new Uint8Array([1]))).toBeInstanceOf(Uint8Array);
        await expect(lab.$call('greet', 17 as never, { check: 'none' })).rejects.toMatchObject({
          code: 'REMOTE_ERROR',
        });
      } finally {
        await client.shutdown();
      }
      stop.abort();
      expect(await mock).toMatchObject({ exit: 130, stdout: `${address}\n` });
    });
  });
});

/** A moment in which other things can happen. */
function nothingYet(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), 20);
  });
}
