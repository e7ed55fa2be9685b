// A service process dies like in a power cut, in the middle of its work, and is started again.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntersectClient } from '@intersect-sdk/client';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { PATIENCE_MS } from '../../scripts/lib/patience.mjs';
import { Program } from '../../scripts/lib/program.mjs';
import { removeServiceQueues, unacknowledgedRequests } from './support/queues.js';

const REQUESTS = 500;
const KILL_AFTER_ANSWERS = 200;
const HOLD_AFTER = 300;
const MAX_IN_FLIGHT = 16;

const program = fileURLToPath(new URL('fixtures/working-service.mjs', import.meta.url));

interface Broker {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly rabbitmq: RabbitmqEndpoints;
}

/** One service at one address, which can be ended and started again, and what its handlers left behind. */
class WorkingService implements Disposable {
  readonly address: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'intersect-killed-'));
  readonly #file = join(this.#folder, 'work');
  readonly #env: Record<string, string>;

  constructor({ url, username, password }: Broker) {
    const name = `work-${randomUUID()}`;
    this.address = `kill-org.kill-fac.kill-sys.-.${name}`;
    const { protocol, host } = new URL(url);
    this.#env = {
      INTERSECT_BROKER_URL: `${protocol}//${username}:${password}@${host}`,
      WORK_FILE: this.#file,
      MAX_IN_FLIGHT: String(MAX_IN_FLIGHT),
      SERVICE_NAME: name,
    };
  }

  async start(more: Record<string, string> = {}): Promise<Program> {
    const running = new Program(program, { name: 'working service', env: { ...this.#env, ...more } });
    await running.line(/ready/, AbortSignal.timeout(PATIENCE_MS));
    return running;
  }

  /** The numbers that handlers began, or ended, with; one for each time. */
  traces(what: 'began' | 'ended'): number[] {
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    return lines.filter((line) => line.startsWith(what)).map((line) => Number(line.slice(what.length)));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

async function killInTheMiddle(title: string, broker: Broker, makeTransport: () => Transport) {
  using service = new WorkingService(broker);
  const late: unknown[] = [];
  await using client = new IntersectClient({
    brokers: [makeTransport()],
    onReport: (report) => late.push(report),
  });
  await client.startup();
  const first = await service.start({ HOLD_AFTER: String(HOLD_AFTER) });

  const answers: number[] = [];
  const numbers = Array.from({ length: REQUESTS }, (_, index) => index);
  let accepted = 0;
  const ask = async (number: number): Promise<void> => {
    const params = { destination: service.address, operation: 'Work.work', payload: number };
    answers.push((await client.request(params, { onAccepted: () => accepted++ })) as number);
  };
  const all = Promise.all(numbers.map(ask));
  const inTheMiddle = () => accepted === REQUESTS && answers.length >= KILL_AFTER_ANSWERS;
  await Promise.race([all, expect.poll(inTheMiddle, { interval: 2 }).toBe(true)]);
  await first.kill();
  const answeredAtTheKill = new Set(answers);
  const unacknowledged = await unacknowledgedRequests(broker.rabbitmq, service.address);
  const begun = service.traces('began');
  const ended = new Set(service.traces('ended'));
  await using second = await service.start();
  await all;
  expect(await second.stop()).toBe(0);

  const times = new Map<number, number>();
  for (const number of service.traces('began')) times.set(number, (times.get(number) ?? 0) + 1);
  const doubled = numbers.filter((number) => times.get(number) === 2);
  const running = begun.filter((number) => !ended.has(number));
  const unsettled = begun.length - (REQUESTS - unacknowledged);
  process.stderr.write(
    `${title}: killed after ${answeredAtTheKill.size} of ${REQUESTS} answers, with ${running.length} handlers running ` +
      `and ${unsettled - running.length} that had ended and were not yet acknowledged; all answered after a restart; ` +
      `${doubled.length} ran twice; the client had the answer of ` +
      `${doubled.filter((number) => answeredAtTheKill.has(number)).length} of them\n`,
  );
  expect(answers.toSorted((a, b) => a - b)).toEqual(numbers);
  expect([...times.keys()].toSorted((a, b) => a - b)).toEqual(numbers);
  expect(Math.max(...times.values())).toBeLessThanOrEqual(2);
  expect(running.length).toBeGreaterThan(0);
  // What ran at the kill runs again, and what had ended without the broker knowing; nothing else does.
  expect(doubled).toEqual(expect.arrayContaining(running));
  expect(doubled.length).toBe(unsettled);
  // An answer that came twice reached nobody twice.
  expect(late.length).toBeLessThanOrEqual(doubled.length);
  return service.address;
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;

  test('AMQP: every request is answered, and only what was not acknowledged runs twice', async () => {
    const broker = { url: amqpUrl, username, password };
    const makeTransport = () => amqpTransport(broker);
    const address = await killInTheMiddle('AMQP', { ...broker, rabbitmq }, makeTransport);
    await removeServiceQueues(rabbitmq, address);
  });

  test('MQTT: every request is answered, and only what was not acknowledged runs twice', async () => {
    const broker = { url: mqttUrl, username, password };
    await killInTheMiddle('MQTT', { ...broker, rabbitmq }, () => mqttTransport(broker));
  });
});
