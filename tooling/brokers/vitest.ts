// What tests with real brokers use. The addresses come from `vitest-setup.ts`, which runs once before them.
import { describe, inject, test } from 'vitest';
import type { MosquittoEndpoints, RabbitmqEndpoints, StoreEndpoints } from './brokers.mjs';

/** What a test can need: addresses that can be handed to another process, no handles. */
export interface TestBrokers {
  readonly rabbitmq: RabbitmqEndpoints;
  readonly mosquitto: MosquittoEndpoints;
  /** A store of data: versitygw, unless the environment names another one. */
  readonly s3: StoreEndpoints;
  readonly minio: StoreEndpoints;
  /** The Python SDK, in a virtual environment of its own. */
  readonly python: { readonly interpreter: string };
}

export type Need = keyof TestBrokers;

/** Why something can't be had on this machine. */
export interface Missing {
  /** A sentence, for the list of what was skipped. */
  readonly reason: string;
  /** Whether a skip is allowed even where brokers are required. */
  readonly excused: boolean;
}

export type Provided = { readonly [N in Need]: { readonly found: TestBrokers[N] } | Missing };

declare module 'vitest' {
  interface ProvidedContext {
    readonly testBrokers: Provided;
  }
  interface TaskMeta {
    /** Why a test does not run; the list of skipped tests is grouped by it. */
    skipReason?: string;
  }
}

const titles: Record<Need, string> = {
  rabbitmq: 'RabbitMQ',
  mosquitto: 'mosquitto',
  s3: 'an S3 store',
  minio: 'MinIO',
  python: 'the Python SDK',
};

// Only built into addresses while the tests of a skipped suite are counted; nothing connects to them.
const nowhere: TestBrokers = {
  rabbitmq: {
    amqpUrl: 'amqp://127.0.0.1:1',
    mqttUrl: 'mqtt://127.0.0.1:1',
    webSocketUrl: 'ws://127.0.0.1:1/ws',
    managementUrl: 'http://127.0.0.1:1',
    username: 'nobody',
    password: 'nothing',
  },
  mosquitto: {
    mqttUrl: 'mqtt://127.0.0.1:1',
    webSocketUrl: 'ws://127.0.0.1:1/',
    username: 'nobody',
    password: 'nothing',
  },
  s3: { url: 'http://127.0.0.1:1', username: 'nobody', password: 'nothing' },
  minio: { url: 'http://127.0.0.1:1', username: 'nobody', password: 'nothing' },
  python: { interpreter: 'no-python' },
};

/**
 * A suite that needs one broker. Where the broker can't be had, its tests are counted as skipped together with the
 * reason; where `INTERSECT_REQUIRE_BROKERS=1` says that it must be there, the suite fails instead.
 *
 * @param need `rabbitmq`, `mosquitto`, `s3`, `minio` or `python`
 * @param body declares the tests; must not connect by itself, as it also runs to count tests that are skipped
 */
export function describeWithBroker<N extends Need>(need: N, body: (broker: TestBrokers[N]) => void): void {
  describeWithBrokers([need], (brokers) => body(brokers[need]));
}

/** Like `describeWithBroker`, for a suite that needs several things at once. */
export function describeWithBrokers<const N extends readonly Need[]>(
  needs: N,
  body: (brokers: Pick<TestBrokers, N[number]>) => void,
): void {
  const provided = inject('testBrokers');
  const title = `with ${needs.map((need) => titles[need]).join(' and ')}`;
  const missing = needs.flatMap((need) => {
    const it = provided[need];
    return 'found' in it ? [] : [{ ...it, reason: `${titles[need]}: ${it.reason}` }];
  });
  const brokers: TestBrokers = {
    rabbitmq: foundOr(provided.rabbitmq, nowhere.rabbitmq),
    mosquitto: foundOr(provided.mosquitto, nowhere.mosquitto),
    s3: foundOr(provided.s3, nowhere.s3),
    minio: foundOr(provided.minio, nowhere.minio),
    python: foundOr(provided.python, nowhere.python),
  };
  if (missing.length === 0) {
    describe(title, () => body(brokers));
    return;
  }
  const skipReason = missing.map(({ reason }) => reason).join('; ');
  if (process.env.INTERSECT_REQUIRE_BROKERS === '1' && missing.some(({ excused }) => !excused)) {
    test(`${title}: found on this machine`, () => {
      throw new Error(`INTERSECT_REQUIRE_BROKERS is set, but ${skipReason}`);
    });
  }
  describe(title, { skip: true, meta: { skipReason } }, () => body(brokers));
}

function foundOr<T>(it: { readonly found: T } | Missing, otherwise: T): T {
  return 'found' in it ? it.found : otherwise;
}
