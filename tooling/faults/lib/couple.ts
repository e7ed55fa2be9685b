import { randomUUID } from 'node:crypto';
import { IntersectClient, type IntersectClientConfig } from '@intersect-sdk/client';
import { isIntersectError, type Logger } from '@intersect-sdk/core';
import {
  defineCapability,
  IntersectService,
  type IntersectServiceConfig,
  type Report,
  Type,
} from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import type { Role } from './protocols.js';

/** Beyond its own timeout a request may end so much later: timers come late on a busy machine. */
const GRACE_MS = 1_000;

const echo = defineCapability({
  name: 'Echo',
  concurrency: 32,
  operations: { echo: { request: Type.Number(), response: Type.Number() } },
  events: { tick: { schema: Type.Number() } },
});

export interface CoupleOptions {
  readonly client: Transport;
  readonly service: Transport;
  readonly clientConfig?: Partial<IntersectClientConfig>;
  readonly serviceConfig?: Partial<IntersectServiceConfig>;
  /** What the handler does before it answers. */
  readonly work?: (number: number) => Promise<void> | void;
  /** Default: one that nobody else has. */
  readonly serviceName?: string;
  readonly timeoutMs?: number;
}

/** A client that asks a service and listens to it, and what came of all that. */
export class Couple implements AsyncDisposable {
  readonly client: IntersectClient;
  readonly service: IntersectService;
  readonly transports: { readonly client: Transport; readonly service: Transport };
  /** The changes of state that each side told. */
  readonly states: { readonly client: string[]; readonly service: string[] } = { client: [], service: [] };
  /** How often the handler ran for each number. */
  readonly executions = new Map<number, number>();
  /** The numbers of the events, as the client saw them. */
  readonly seen: number[] = [];
  /** How many reports of which kind each side made. */
  readonly reports = new Map<string, number>();
  /** What was told of brokers that failed. */
  readonly brokerFailures: string[] = [];
  readonly errors: unknown[] = [];
  /** Those of them that are about events. */
  readonly unsent: unknown[] = [];
  asked = 0;
  answered = 0;
  /** Answers that belong to another request. */
  wrong = 0;
  /** Requests that ended later than they may. */
  late = 0;
  /** How long the slowest answer took, in ms. */
  longestMs = 0;
  ticked = 0;
  readonly #ticks: Promise<unknown>[] = [];
  readonly #timeoutMs: number;
  readonly #capability;
  #reading: Promise<void> | undefined;

  constructor({ client, service, work, ...options }: CoupleOptions) {
    this.transports = { client, service };
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    for (const role of ['client', 'service'] as const) {
      this.transports[role].onEvent((event) => {
        if (event.kind === 'state') this.states[role].push(event.state.kind);
      });
    }
    this.#capability = echo.implement({
      echo: async (number) => {
        this.executions.set(number, (this.executions.get(number) ?? 0) + 1);
        await work?.(number);
        return number;
      },
    });
    const name = options.serviceName ?? `echo-${randomUUID()}`;
    this.service = new IntersectService([this.#capability], {
      hierarchy: { organization: 'fault-org', facility: 'fault-fac', system: 'fault-sys', service: name },
      brokers: [service],
      keepRequestsMs: 120_000,
      onReport: (report) => this.#count('service', report),
      ...options.serviceConfig,
    });
    this.client = new IntersectClient({
      brokers: [client],
      onReport: (report) => this.#count('client', report),
      ...options.clientConfig,
    });
  }

  async start(): Promise<void> {
    await this.service.startup();
    await this.client.startup();
  }

  /** Listens to the service's events from now on. */
  async listen(): Promise<void> {
    const selector = { hierarchy: this.service.address, capabilityName: 'Echo', eventName: 'tick' };
    const stream = this.client.events(selector);
    await stream.ready;
    this.#reading = (async () => {
      for await (const { payload } of stream) this.seen.push(payload as number);
    })();
  }

  /** Sends the next event, without waiting for the one before. */
  tick(): void {
    this.#ticks.push(
      this.#capability.emit('tick', this.ticked++).catch((error: unknown) => {
        this.errors.push(error);
        this.unsent.push(error);
      }),
    );
  }

  /** Asks with the next number. Never rejects: what went wrong stands in `errors`. */
  async ask({ timeoutMs = this.#timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    const number = this.asked++;
    const params = { destination: this.service.address, operation: 'Echo.echo', payload: number };
    const started = performance.now();
    try {
      const answer = await this.client.request(params, { timeoutMs });
      this.answered++;
      if (answer !== number) this.wrong++;
    } catch (error) {
      this.errors.push(error);
    }
    const tookMs = performance.now() - started;
    this.longestMs = Math.max(this.longestMs, tookMs);
    if (tookMs > timeoutMs + GRACE_MS) this.late++;
  }

  /** Resolves when brokers have all events. */
  async ticksSent(): Promise<void> {
    await Promise.all(this.#ticks);
  }

  /** The codes of the errors and how often each came; `untyped` for what is none of this SDK's. */
  get codes(): Readonly<Record<string, number>> {
    const codes: Record<string, number> = {};
    for (const error of this.errors) {
      const code = isIntersectError(error) ? error.code : 'untyped';
      codes[code] = (codes[code] ?? 0) + 1;
    }
    return codes;
  }

  /** Requests under way. */
  get waiting(): number {
    return this.asked - this.answered - this.errors.length;
  }

  get executed(): number {
    return [...this.executions.values()].reduce((sum, times) => sum + times, 0);
  }

  /** Answers that came when their request had one already; each was refused. */
  get secondAnswers(): number {
    return this.reports.get('client: response-refused') ?? 0;
  }

  /** What came of the requests, as a sentence. */
  get sentence(): string {
    const failed = Object.entries(this.codes).map(([code, times]) => `${times} ${code}`);
    const parts = [`${this.asked} requests`, `${this.answered} answered`];
    parts.push(failed.length > 0 ? failed.join(', ') : '0 failed');
    parts.push(`${this.executed} executed`, `${this.secondAnswers} second answers refused`);
    return parts.join(', ');
  }

  async end(): Promise<void> {
    await this.client.shutdown();
    await this.#reading;
    await this.service.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  #count(role: Role, { kind: what, message }: Report): void {
    const kind = `${role}: ${what}`;
    if (what === 'broker-failed') this.brokerFailures.push(`${role}: ${message}`);
    this.reports.set(kind, (this.reports.get(kind) ?? 0) + 1);
  }
}

/** Counts what is logged as a warning or worse. */
export class CountingLogger implements Logger {
  warnings = 0;
  debug(): void {}
  info(): void {}
  warn(): void {
    this.warnings++;
  }
  error(): void {
    this.warnings++;
  }
}
