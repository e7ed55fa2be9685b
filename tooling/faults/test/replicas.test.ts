// Several instances of one service under load, of which one after the other is killed, or ended in order, and started again.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntersectClient } from '@intersect-sdk/client';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { record } from '../lib/fault-table.js';
import { until } from '../lib/waiting.js';

const INSTANCES = 4;
/** What each instance takes at once, as `lib/replica.mjs` says. */
const CONCURRENCY = 4;
const KILLS = 8;
const ORDERLY = 4;
const AT_ONCE = 32;
const SPEED_REQUESTS = 1_500;
const PATIENCE_MS = 120_000;

const program = fileURLToPath(new URL('../lib/replica.mjs', import.meta.url));

interface Place {
  readonly protocol: 'AMQP' | 'MQTT';
  readonly broker: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

function transportAt({ protocol, url, username, password }: Place): Transport {
  const options = { url, username, password };
  return protocol === 'AMQP' ? amqpTransport(options) : mqttTransport(options);
}

/** Instances of one service, each a process, and a client that asks them. */
class Replicas implements AsyncDisposable {
  readonly errors: unknown[] = [];
  readonly reports: string[] = [];
  asked = 0;
  answered = 0;
  wrong = 0;
  readonly #client: IntersectClient;
  readonly #programs: (Program | undefined)[] = [];
  readonly #env: Record<string, string>;
  readonly #folder: string;
  readonly #address: string;

  private constructor(place: Place, folder: string) {
    const name = `work-${randomUUID()}`;
    const { host, protocol: scheme } = new URL(place.url);
    this.#folder = folder;
    this.#address = `fault-org.fault-fac.fault-sys.-.${name}`;
    this.#env = {
      SERVICE_NAME: name,
      WORK_FILE: join(folder, 'work'),
      INTERSECT_BROKER_URL: `${scheme}//${place.username}:${place.password}@${host}`,
    };
    this.#client = new IntersectClient({
      brokers: [transportAt(place)],
      requestTimeoutMs: PATIENCE_MS,
      onReport: ({ kind }) => this.reports.push(kind),
    });
  }

  static async start(place: Place, count: number): Promise<Replicas> {
    const replicas = new Replicas(place, await mkdtemp(join(tmpdir(), 'intersect-replicas-')));
    await replicas.#client.startup();
    await Promise.all(Array.from({ length: count }, (_, index) => replicas.begin(index)));
    return replicas;
  }

  async begin(index: number): Promise<void> {
    const env = { ...this.#env, INSTANCE: `instance-${index}` };
    const started = new Program(program, { name: `instance ${index}`, env });
    await started.line(/ready/, AbortSignal.timeout(60_000));
    this.#programs[index] = started;
  }

  async kill(index: number): Promise<void> {
    await this.#programs[index]?.kill();
  }

  async stop(index: number): Promise<void> {
    expect(await this.#programs[index]?.stop()).toBe(0);
    this.#programs[index] = undefined;
  }

  /** Asks as long as that holds, so many at once; resolves when all have ended. */
  async ask(goesOn: () => boolean): Promise<void> {
    const destination = this.#address;
    const asker = async (): Promise<void> => {
      while (goesOn()) {
        const payload = this.asked++;
        try {
          const answer = await this.#client.request({ destination, operation: 'Work.work', payload });
          this.answered++;
          if (answer !== payload) this.wrong++;
        } catch (error) {
          this.errors.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, asker));
  }

  /** The numbers of the requests in the order in which handlers began with them. */
  get runs(): number[] {
    const lines = readFileSync(join(this.#folder, 'work'), 'utf8').trim().split('\n');
    return lines.map((line) => Number(line.split(' ')[0]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((one) => one?.stop()));
    await this.#client.shutdown();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function withKills(place: Place): Promise<void> {
  await using replicas = await Replicas.start(place, INSTANCES);
  let goesOn = true;
  const asking = replicas.ask(() => goesOn);
  const someMore = async (): Promise<void> => {
    const mark = replicas.answered + 50;
    await until('more is answered', () => replicas.answered > mark, PATIENCE_MS);
  };
  for (let fault = 0; fault < KILLS + ORDERLY; fault++) {
    await someMore();
    const index = fault % INSTANCES;
    if (fault < KILLS) await replicas.kill(index);
    else await replicas.stop(index);
    // The others go on without it. Over MQTT what a killed one had waits for it.
    await someMore();
    await replicas.begin(index);
  }
  await someMore();
  goesOn = false;
  await asking;
  const { runs, asked, answered, wrong, errors, reports } = replicas;
  const ran = new Set(runs);
  const twice = runs.length - ran.size;
  const counted = [
    `${asked} requests, ${answered} answered, ${errors.length} failed, ${ran.size} run, ${twice} of them again after a kill,`,
    `${reports.filter((kind) => kind === 'response-refused').length} second answers refused`,
  ].join(' ');
  expect([errors, answered, wrong, ran.size], counted).toEqual([[], asked, 0, asked]);
  // What was not acknowledged when its instance was killed, and nothing else.
  expect(twice, counted).toBeLessThanOrEqual(KILLS * CONCURRENCY);
  record({
    fault: `four instances of a service on ${place.broker}: ${KILLS} killed (SIGKILL) and ${ORDERLY} ended in order, one after the other, and started again, ${AT_ONCE} requests in flight`,
    role: 'client and service',
    protocol: place.protocol,
    promise:
      'each request is answered once; only what an instance was at when it was killed runs again, and an orderly end runs nothing again',
    counted,
  });
}

async function speeds(place: Place): Promise<void> {
  const rates: string[] = [];
  for (const count of [1, 2, 4]) {
    await using replicas = await Replicas.start(place, count);
    const began = performance.now();
    await replicas.ask(() => replicas.asked < SPEED_REQUESTS);
    const rate = replicas.answered / ((performance.now() - began) / 1_000);
    expect(replicas.errors).toEqual([]);
    expect([...replicas.runs].sort((a, b) => a - b)).toEqual(
      Array.from({ length: replicas.asked }, (_, n) => n),
    );
    rates.push(`${Math.round(rate)} a second with ${count}`);
  }
  record({
    fault: `none: one, two and four instances on ${place.broker}, each of which takes ${CONCURRENCY} requests of 20 ms at once`,
    role: 'client and service',
    protocol: place.protocol,
    promise: 'instances share the requests, each of which runs once',
    counted: `${rates.join(', ')}; each of ${SPEED_REQUESTS} requests run once`,
  });
}

function describeAt(place: Place): void {
  test(`${place.protocol} on ${place.broker}: kills`, { timeout: 300_000 }, () => withKills(place));
  test(`${place.protocol} on ${place.broker}: speed`, { timeout: 300_000 }, () => speeds(place));
}

describeWithBroker('rabbitmq', ({ amqpUrl: url, username, password }) => {
  describeAt({ protocol: 'AMQP', broker: 'RabbitMQ', url, username, password });
});

describeWithBroker('mosquitto', ({ mqttUrl: url, username, password }) => {
  describeAt({ protocol: 'MQTT', broker: 'mosquitto', url, username, password });
});
