// A service that gives items, tells how far it is and waits until it is told to stop, and a client, on a broker in memory.
import { IntersectClient, type IntersectClientConfig, type Report } from '@intersect-sdk/client';
import type { WireMessage } from '@intersect-sdk/core';
import {
  CapabilityError,
  defineCapability,
  type Implementation,
  IntersectService,
  type IntersectServiceConfig,
  Stream,
  Type,
} from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';

const Point = Type.Object({ n: Type.Integer(), kelvin: Type.Number() });

export const Scanner = defineCapability({
  name: 'Scanner',
  operations: {
    /** So many points. */
    scan: { request: Type.Integer({ title: 'points' }), response: Stream(Point) },
    /** As many numbers as are read. */
    count: { response: Stream(Type.Integer()) },
    /** Numbers that are given at once, the last of which does not fit. */
    spoil: { response: Stream(Type.Integer()) },
    /** Fails after so many. */
    break_after: { request: Type.Integer({ title: 'points' }), response: Stream(Type.Integer()) },
    /** Gives one, and waits for a second that never comes. */
    stall: { response: Stream(Type.Integer()) },
    /** Tells how far it is. */
    expose: { request: Type.Integer({ title: 'steps' }), response: Type.String() },
    /** Until it is told to stop. */
    hold: { request: Type.String({ title: 'name' }), response: Type.String() },
    /** Ignores that it is told to stop. */
    insist: { response: Type.String() },
    quick: { response: Type.String() },
  },
});

const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'scanner' };
export const ADDRESS = 'org.fac.sys.-.scanner';

/** What became of the handlers. */
export class Log {
  readonly lines: string[] = [];
  readonly #waiting: { readonly line: string; readonly resolve: () => void }[] = [];
  given = 0;
  insisting: (() => void) | undefined;

  add(line: string): void {
    this.lines.push(line);
    for (const { resolve } of this.#waiting.filter((one) => one.line === line)) resolve();
  }

  /** Resolves when the line is there. */
  has(line: string): Promise<void> {
    if (this.lines.includes(line)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ line, resolve }));
  }
}

export function scannerOf(log: Log): Implementation<typeof Scanner> {
  return {
    async *scan(points) {
      for (let n = 0; n < points; n++) {
        if (n % 100 === 99) await new Promise(setImmediate);
        yield { n, kelvin: n / 2 };
      }
    },
    async *count() {
      try {
        for (;;) yield log.given++;
      } finally {
        log.add('count ended');
      }
    },
    spoil: () => [1, 2, 'three' as never],
    async *break_after(points) {
      for (let n = 0; n < points; n++) yield n;
      throw new CapabilityError('the stage is stuck');
    },
    stall: (_, { signal }) => {
      let isFirst = true;
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            if (isFirst) {
              isFirst = false;
              return Promise.resolve({ value: 1, done: false as const });
            }
            return new Promise<IteratorResult<number>>((resolve) =>
              signal.addEventListener('abort', () => resolve({ value: undefined, done: true })),
            );
          },
          return: () => {
            log.add('stall ended');
            return Promise.resolve({ value: undefined, done: true as const });
          },
        }),
      };
    },
    expose: async (steps, { progress }) => {
      for (let step = 1; step <= steps; step++) {
        progress({ fraction: step / steps, message: `step ${step}`, data: { step } });
        // Long enough that each is out before the next one comes.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return 'exposed';
    },
    hold: (name, { signal }) => {
      log.add(`${name} began`);
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          log.add(`${name} stopped`);
          reject(signal.reason);
        }),
      );
    },
    insist: (_, { signal }) => {
      log.add('insist began');
      signal.addEventListener('abort', () => log.add('insist was told'));
      return new Promise((resolve) => {
        log.insisting = () => resolve('insisted');
      });
    },
    quick: () => 'quick',
  };
}

export interface Scanning extends AsyncDisposable {
  readonly broker: MemoryBroker;
  readonly service: IntersectService;
  readonly client: IntersectClient;
  readonly log: Log;
  readonly reports: Report[];
  /** All that the broker was given. */
  readonly messages: WireMessage[];
  /** What the broker takes and loses. */
  readonly loss: { of: (message: WireMessage) => boolean };
  /** The kinds of parts that came, in order. */
  parts(): string[];
  /** What the client told the service, in order. */
  controls(): string[];
}

export async function startScanning(
  config: {
    readonly service?: Partial<IntersectServiceConfig>;
    readonly client?: Partial<IntersectClientConfig>;
  } = {},
  broker = new MemoryBroker(),
): Promise<Scanning> {
  const reports: Report[] = [];
  const log = new Log();
  const onReport = (report: Report): void => void reports.push(report);
  const messages: WireMessage[] = [];
  const loss = { of: (_message: WireMessage): boolean => false };
  const route = broker.route.bind(broker);
  broker.route = (message, expiresAfterMs) => {
    messages.push({ ...message, payload: message.payload.slice() });
    return loss.of(message) || route(message, expiresAfterMs);
  };
  const service = new IntersectService([Scanner.implement(scannerOf(log))], {
    hierarchy,
    brokers: [memoryTransport(broker, { name: 'service' })],
    onReport,
    ...config.service,
  });
  const client = new IntersectClient({
    brokers: [memoryTransport(broker, { name: 'client' })],
    onReport,
    ...config.client,
  });
  await service.startup();
  await client.startup();
  const headersNamed = (name: string): string[] => messages.flatMap(({ headers }) => headers[name] ?? []);
  return {
    broker,
    service,
    client,
    log,
    reports,
    messages,
    loss,
    parts: () => headersNamed('x-intersect-part'),
    controls: () => headersNamed('x-intersect-control'),
    [Symbol.asyncDispose]: async () => {
      log.insisting?.();
      await client.shutdown();
      await service.shutdown();
    },
  };
}
