// Progress, streams and cancel on every broker, and beside programs of the Python SDK on either side.
import { randomUUID } from 'node:crypto';
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { IntersectService } from '@intersect-sdk/service';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { describe, expect, test } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';
import { PythonProgram } from './support/python-program.js';
import { whenReachable } from './support/python-service.js';
import { pythonWays } from './support/python-ways.js';
import { removeServiceQueues } from './support/queues.js';
import { Log, Scanner, scannerOf } from './support/scanning.js';

async function startScanner(transport: Transport) {
  const reports: Report[] = [];
  const log = new Log();
  const hierarchy = {
    organization: 'org',
    facility: 'fac',
    system: 'sys',
    service: `scan-${randomUUID().slice(0, 13)}`,
  };
  const service = new IntersectService([Scanner.implement(scannerOf(log))], {
    hierarchy,
    brokers: [transport],
    onReport: (report) => reports.push(report),
  });
  await service.startup();
  return { service, log, reports, [Symbol.asyncDispose]: async () => void (await service.shutdown()) };
}

async function startClient(transport: Transport, reports: Report[]) {
  const client = new IntersectClient({ brokers: [transport], onReport: (report) => reports.push(report) });
  return await client.startup();
}

describeWithEachBroker(({ title, transport, cleanUp }) => {
  test(`${title}: items, progress and cancel`, async () => {
    await using scanner = await startScanner(transport());
    const { service, log, reports } = scanner;
    await using client = await startClient(transport(), reports);
    const lab = client.capability(Scanner, service.address);

    const points: number[] = [];
    for await (const { n } of lab.scan(500)) points.push(n);
    expect(points).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(await lab.$call('scan', 3)).toHaveLength(3);

    const seen: unknown[] = [];
    await lab.expose(3, { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);

    for await (const number of lab.count()) if (number === 300) break;
    await log.has('count ended');
    const aborter = new AbortController();
    const holding = lab.hold('one', { signal: aborter.signal });
    await log.has('one began');
    const waiting = Array.from({ length: 9 }, () => lab.$call('quick', undefined));
    // As many as RabbitMQ gives one session over MQTT.
    await expect.poll(() => service.health().requests.inFlight).toBe(10);
    aborter.abort();
    await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await log.has('one stopped');
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 9 }, () => 'quick'));
    expect(reports.filter(({ reason }) => reason !== 'cancelled')).toEqual([]);
    await client.shutdown();
    await service.shutdown();
    await cleanUp(service.address);
  });
});

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python: { interpreter } }) => {
  describe.each(pythonWays(rabbitmq))('$title', ({ broker, makeTransport }) => {
    test('a client of the Python SDK gets one answer, the list of all items', async () => {
      await using scanner = await startScanner(makeTransport());
      const { address } = scanner.service;
      await using asker = new PythonProgram({ interpreter, script: 'probe_client.py', broker });
      const requests = [
        ['scan', 70],
        ['expose', 3],
        ['break_after', 3],
        ['quick', null],
      ].map(([operation, payload]) => ({ destination: address, operation: `Scanner.${operation}`, payload }));
      asker.write({ requests, at_once: false, events: [] });
      const lines = await asker.lines(1 + requests.length);
      const answers = lines.filter(([kind]) => kind === 'response').map(([, ...answer]) => answer);
      expect(answers.map(([, operation, hasError]) => [operation, hasError])).toEqual([
        ['Scanner.scan', false],
        ['Scanner.expose', false],
        ['Scanner.break_after', true],
        ['Scanner.quick', false],
      ]);
      expect(answers[0]?.[3]).toHaveLength(70);
      // No line too many: each request has exactly one answer.
      expect(answers).toHaveLength(requests.length);
      expect(scanner.service.health().requests).toMatchObject({ answered: 3, refused: 1 });
      expect(scanner.reports).toMatchObject([{ reason: 'capability-error' }]);
      await scanner.service.shutdown();
      await removeServiceQueues(rabbitmq, address);
    });

    test('a service of the Python SDK answers as always: a stream is its list, cancel ends the wait', async () => {
      const name = `lister-${randomUUID()}`;
      const address = `interop-org.interop-fac.interop-sys.-.${name}`;
      const args = { service: name };
      await using lister = new PythonProgram({ interpreter, script: 'lister_service.py', broker, args });
      await lister.lines(1);
      const reports: Report[] = [];
      await using client = await startClient(makeTransport(), reports);
      await whenReachable(client, address);
      const ask = (operation: string, payload: unknown) => ({
        destination: address,
        operation: `Scanner.${operation}`,
        payload,
      });
      const items: unknown[] = [];
      for await (const item of client.stream(ask('scan', 70))) items.push(item);
      expect(items).toEqual(Array.from({ length: 70 }, (_, n) => n));
      for await (const item of client.stream(ask('scan', 70))) if (item === 10) break;

      const seen: unknown[] = [];
      const onProgress = (one: unknown): void => void seen.push(one);
      // No sign of life comes, and none is missed.
      const options = { onProgress, idleTimeoutMs: 1 };
      expect(await client.request(ask('rest', 0.2), options)).toBe('rested');
      expect(seen).toEqual([]);

      const aborter = new AbortController();
      const resting = client.request(ask('rest', 0.5), { signal: aborter.signal });
      await lister.lines(3);
      aborter.abort();
      await expect(resting).rejects.toMatchObject({ code: 'REQUEST_ABORTED', mayHaveRun: true });
      // It is answered all the same, which disturbs nobody.
      expect(await client.request(ask('rest', 0))).toBe('rested');
      expect(reports).toEqual([]);
      await client.shutdown();
      await removeServiceQueues(rabbitmq, address);
    });
  });
});
