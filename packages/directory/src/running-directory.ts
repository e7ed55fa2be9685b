import { RequestError } from '@intersect-sdk/core';
import { DeadlineTimer, delay, onAbort, untilAborted, within } from '@intersect-sdk/core/internal';
import { asError, BufferedStream, type KnownDescription, type MessageStream } from '@intersect-sdk/messaging';
import { Asking } from './asking.js';
import type { DirectoryClient } from './directory-client.js';
import type { resolveDirectoryOptions } from './directory-options.js';
import type { KnownService, ServiceChange } from './map/known-service.js';
import { readLifecycle } from './map/lifecycle.js';
import { ServiceMap } from './map/service-map.js';
import { Saving } from './saving.js';
import type { ServiceChanges, ServiceDirectory, WaitForOptions } from './service-directory.js';
import { type QueueSeen, type ResolvedManagement, readManagement } from './sources/rabbit-management.js';

type ResolvedDirectoryOptions = ReturnType<typeof resolveDirectoryOptions>;

/** What RabbitMQ counts may be that old, so it can't speak against what was seen since. */
const STALE_MS = 10_000;
const BUFFERED = 100_000;

/** A directory at work, from its first subscription to its end. */
export class RunningDirectory implements ServiceDirectory {
  readonly name = 'directory';
  readonly ready: Promise<void>;
  readonly #options: ResolvedDirectoryOptions;
  readonly #map: ServiceMap;
  readonly #stream: MessageStream;
  readonly #ended = new AbortController();
  readonly #asking: Asking | undefined;
  readonly #saving: Saving | undefined;
  readonly #listeners = new Set<(change: ServiceChange) => void>();
  /** What was told once about a full map. */
  readonly #told = new Set<'forgotten' | 'not taken'>();
  /** Services that must be heard of until then, by their addresses. */
  readonly #due = new Map<string, { readonly address: string; readonly dueAtMs: number }>();
  readonly #deadlines = new DeadlineTimer<{ readonly address: string; readonly dueAtMs: number }>(
    () => this.#due.values(),
    ({ address }) => this.#onOverdue(address),
  );

  constructor(client: DirectoryClient, options: ResolvedDirectoryOptions) {
    const { usualIntervalMs, maxServices, store, asks, askTimeoutMs, rabbitManagement, signal } = options;
    this.#options = options;
    this.#map = new ServiceMap({
      usualIntervalMs,
      maxServices,
      changed: (change) => this.#onChange(change),
      full: (forgotten) => this.#onFull(forgotten),
    });
    this.#asking = asks ? new Asking(client, askTimeoutMs, this.#ended.signal) : undefined;
    this.#saving =
      store &&
      new Saving(
        store,
        () => this.services.values(),
        (error) => this.#problem(error),
      );
    this.#stream = client.watchMessages({ kinds: ['lifecycle'], bufferSize: BUFFERED });
    this.ready = this.#begin();
    this.ready.catch(() => {});
    void this.#read();
    if (rabbitManagement) void this.#readManagement(rabbitManagement);
    onAbort(signal, () => void this.stop());
    if (signal?.aborted) void this.stop();
  }

  get services(): ReadonlyMap<string, KnownService> {
    return this.#map.services;
  }

  changes(): ServiceChanges {
    let add: ((change: ServiceChange) => void) | undefined;
    const stream: ServiceChanges = new BufferedStream<ServiceChange>({
      what: 'changes',
      bufferSize: BUFFERED,
      overflow: 'fail',
      signal: this.#ended.signal,
      listen: async (handler) => {
        add = handler;
        this.#listeners.add(handler);
        return async () => {
          this.#listeners.delete(handler);
        };
      },
      onDropped: () => {},
      onEnded: () => {
        if (add) this.#listeners.delete(add);
      },
    });
    return stream;
  }

  async waitFor(address: string, { timeoutMs = 65_000, signal }: WaitForOptions = {}): Promise<KnownService> {
    const isThere = (service: KnownService | undefined): boolean =>
      service?.schema !== undefined && (service.state === 'up' || service.state === 'blocked');
    await using changes = this.changes();
    const wait = async (): Promise<KnownService> => {
      const now = this.services.get(address);
      if (now && isThere(now)) return now;
      for await (const { service } of changes)
        if (service.address === address && isThere(service)) return service;
      throw lateError(address, 'the directory was stopped');
    };
    const waiting = untilAborted(wait(), `The wait for ${address}`, signal);
    return await within(waiting, timeoutMs, () =>
      lateError(address, `it was not seen within ${timeoutMs} ms`),
    );
  }

  find(address: string): KnownDescription | undefined {
    const { schema, statuses, toldAtMs } = this.services.get(address) ?? {};
    return schema === undefined || toldAtMs === undefined ? undefined : { schema, statuses, toldAtMs };
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    this.#due.clear();
    this.#deadlines.stop();
    await this.#stream.stop();
    await this.#saving?.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #begin(): Promise<void> {
    const [stored] = await Promise.all([this.#load(), this.#stream.ready]);
    this.#map.restore(stored);
    for (const { address, state } of stored) if (state !== 'down') void this.#look(address);
  }

  async #load(): Promise<readonly KnownService[]> {
    try {
      return (await this.#options.store?.load()) ?? [];
    } catch (error) {
      this.#problem(error);
      return [];
    }
  }

  /** Reads what services say by themselves, until the end. */
  async #read(): Promise<void> {
    try {
      for await (const message of this.#stream) {
        try {
          const heard = readLifecycle(message);
          this.#map.heard(heard);
          const known = this.services.get(heard.address);
          if (!known) continue;
          const { state, schema, instances = 1 } = known;
          this.#wait(heard.address);
          if (state === 'down' && instances > 1) void this.#look(heard.address);
          else if (state !== 'down' && schema === undefined) void this.#describe(heard.address);
        } catch (error) {
          this.#problem(error);
        }
      }
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#problem(error);
    }
    await this.stop();
  }

  async #readManagement(options: ResolvedManagement): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        for (const seen of await readManagement(options, signal)) this.#onQueue(seen);
      } catch (error) {
        if (!signal.aborted) this.#problem(error);
      }
      await delay(options.intervalMs, signal);
    }
  }

  #onQueue({ address, consumers }: QueueSeen): void {
    const known = this.services.get(address);
    const now = Date.now();
    const age = now - Math.max(known?.lastSeenMs ?? 0, known?.sinceMs ?? 0);
    if (consumers > 0 && (!known || (known.state !== 'up' && known.state !== 'blocked'))) {
      // A service that said goodbye is counted for some seconds more. One that is silent may take requests and do nothing with them.
      if (known && age < STALE_MS) return;
      // Where nobody may be asked, that somebody began to take from an abandoned queue says enough.
      const begins = known?.instances === 0 && !this.#asking;
      if (!known || known.state === 'down' || begins) this.#map.seen(address, now, 'management');
      else void this.#look(address);
      this.#wait(address);
      if (known?.schema === undefined) void this.#describe(address);
    } else if (consumers === 0) {
      const isOld = !known || age >= STALE_MS;
      if (isOld) this.#map.abandoned(address, now);
      // Consumers are counted some seconds after they come: one that has just started may be there already.
      if (!known || (!isOld && known.state !== 'silent')) void this.#look(address);
    }
    this.#map.instances(address, consumers);
  }

  #onOverdue(address: string): void {
    this.#due.delete(address);
    void this.#look(address);
  }

  /** Asks whether it is there, and believes it. */
  async #look(address: string): Promise<void> {
    const state = this.#asking ? await this.#asking.ping(address) : 'silent';
    if (this.#ended.signal.aborted) return;
    const overdue = (this.#map.dueAtMs(address) ?? 0) <= Date.now();
    if (state === 'up') {
      this.#map.seen(address, Date.now());
      if (this.services.get(address)?.schema === undefined) void this.#describe(address);
    } else if (state !== undefined || overdue) this.#map.missed(address, Date.now());
    this.#wait(address);
  }

  async #describe(address: string): Promise<void> {
    const described = await this.#asking?.describe(address);
    if (described && !this.#ended.signal.aborted) this.#map.described(address, described);
  }

  /** From now on it is waited for, until it is due. */
  #wait(address: string): void {
    this.#due.delete(address);
    const dueAtMs = this.#map.dueAtMs(address);
    if (dueAtMs === undefined || this.#ended.signal.aborted) return;
    const due = { address, dueAtMs: performance.now() + Math.max(0, dueAtMs - Date.now()) };
    this.#due.set(address, due);
    this.#deadlines.watch(due);
  }

  #onFull(forgotten: KnownService | undefined): void {
    const full = `There are more than ${this.#options.maxServices} services`;
    const [what, text] = forgotten
      ? (['forgotten', 'those that are gone the longest are forgotten'] as const)
      : (['not taken', 'all of them are there, so that new ones are not taken'] as const);
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#problem(
      new Error(
        `${full}: ${text}, from ${forgotten?.address ?? 'now'} on. maxServices is how many are kept.`,
      ),
    );
  }

  #onChange(change: ServiceChange): void {
    if (change.kind === 'forgotten') this.#due.delete(change.service.address);
    this.#saving?.changed();
    for (const listener of this.#listeners) listener(change);
  }

  #problem(error: unknown): void {
    this.#options.onProblem?.(asError(error));
  }
}

function lateError(address: string, why: string): RequestError {
  const text = `${address} was waited for, and ${why}. Is it running, on this broker, and is its name spelled right?`;
  return new RequestError('REQUEST_TIMEOUT', text, {
    requestId: '',
    destination: address,
    operation: '',
    mayHaveRun: false,
  });
}
