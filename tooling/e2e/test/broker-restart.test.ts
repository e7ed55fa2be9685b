// The broker dies like in a power cut and comes back, while a client and a service are at work.
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { ownRabbitmq } from './support/own-rabbitmq.js';

const REQUESTS_PER_SECOND = 50;
const LOAD_MS = 30_000;
const KILL_AFTER_MS = 8_000;
/** Long enough that there is always work under way, whose answers have nowhere to go when the broker dies. */
const WORK_MS = 250;
const BACK_WITHIN_MS = 2_000;

const echo = defineCapability({
  name: 'Echo',
  operations: { echo: { request: Type.Number(), response: Type.Number() } },
});

/** A client and a service on one protocol, and what happened to the requests. */
class Couple implements AsyncDisposable {
  readonly name: string;
  readonly answers: number[] = [];
  readonly errors: unknown[] = [];
  readonly reports: Report[] = [];
  readonly openedAt: number[] = [];
  executed = 0;
  readonly #client: IntersectClient;
  readonly #service: IntersectService;

  constructor(name: string, makeTransport: () => Transport) {
    this.name = name;
    const service = `echo-${name.toLowerCase()}`;
    const implementation = echo.implement({
      echo: async (number) => {
        this.executed++;
        await new Promise((resolve) => setTimeout(resolve, WORK_MS));
        return number;
      },
    });
    this.#service = new IntersectService([implementation], {
      hierarchy: { organization: 'e2e-org', facility: 'e2e-fac', system: 'e2e-sys', service },
      brokers: [makeTransport()],
    });
    const transport = makeTransport();
    transport.onEvent((event) => {
      if (event.kind === 'state' && event.state.kind === 'open') this.openedAt.push(performance.now());
    });
    this.#client = new IntersectClient({
      brokers: [transport],
      onReport: (report) => this.reports.push(report),
    });
  }

  async start(): Promise<void> {
    await this.#service.startup();
    await this.#client.startup();
  }

  /** Never rejects: what went wrong stands in `errors`. */
  async ask(number: number): Promise<void> {
    const { address } = this.#service;
    try {
      const params = { destination: address, operation: 'Echo.echo', payload: number };
      this.answers.push((await this.#client.request(params, { timeoutMs: 60_000 })) as number);
    } catch (error) {
      this.errors.push(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.shutdown();
    await this.#service.shutdown();
  }
}

/** Asks at an even pace, and resolves when every request has ended; gives how many there were. */
async function load(couples: readonly Couple[]): Promise<number> {
  const started = performance.now();
  const asked: Promise<void>[] = [];
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = Math.min(performance.now() - started, LOAD_MS);
      // A timer that comes late makes up for it.
      for (const due = Math.floor((elapsed / 1000) * REQUESTS_PER_SECOND); sent < due; sent++) {
        for (const couple of couples) asked.push(couple.ask(sent));
      }
      if (elapsed < LOAD_MS) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  await Promise.all(asked);
  return sent;
}

/** Kills and starts the broker; resolves with the moment at which it answers again. */
async function killAndStart(rabbitmq: RabbitmqHandle): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS));
  await rabbitmq.kill();
  await rabbitmq.start();
  return performance.now();
}

test('no request is lost when the broker is killed and started again, none is answered twice', async (context) => {
  await using own = await ownRabbitmq(context);
  const { rabbitmq } = own;
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  await using amqp = new Couple('AMQP', () => amqpTransport({ url: amqpUrl, username, password }));
  await using mqtt = new Couple('MQTT', () => mqttTransport({ url: mqttUrl, username, password }));
  const couples = [amqp, mqtt];
  await Promise.all(couples.map((couple) => couple.start()));

  const [sent, backAt] = await Promise.all([load(couples), killAndStart(rabbitmq)]);

  const numbers = Array.from({ length: sent }, (_, index) => index);
  for (const { name, answers, errors, executed, openedAt, reports } of couples) {
    const reconnectedMs = Math.round((openedAt.at(-1) ?? Number.NaN) - backAt);
    process.stderr.write(
      `${name}: ${sent} requests sent, ${answers.length} answered, ${errors.length} failed, ` +
        `${executed} executed, ${reports.length} second answers refused; ` +
        `connected ${reconnectedMs} ms after the broker was back\n`,
    );
    expect(errors).toEqual([]);
    expect(answers.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(openedAt.length, 'connected before and after').toBeGreaterThanOrEqual(2);
    expect(reconnectedMs).toBeLessThan(BACK_WITHIN_MS);
    expect(new Set(reports.map(({ kind }) => kind))).toEqual(
      new Set(reports.length > 0 ? ['response-refused'] : []),
    );
  }
}, 120_000);
