import {
  IntersectClient,
  type Observation,
  type Progress,
  type Report,
  type RequestOptions,
  type WatchedMessage,
} from '@intersect-sdk/client';
import { type KnownService, type ServiceDirectory, watchServices } from '@intersect-sdk/directory';
import type { SeenMessage } from '../state/timeline/entry.js';
import type { Timeline } from '../state/timeline/timeline.js';
import { Connections } from './connections.js';
import { FollowedStreams } from './followed-streams.js';
import { KnownElsewhere } from './known-elsewhere.js';
import type { Answer, ConnectCall, ListedService, Push, RequestCall, ToldStatuses } from './protocol.js';
import type { Sampler } from './sampler.js';
import { whatIsKnown } from './what-is-known.js';

export interface LaboratoryOptions {
  readonly timeline: Timeline;
  readonly sampler: Sampler;
  /** Something is new, and can be taken. */
  readonly changed: () => void;
}

type StreamParams = Parameters<IntersectClient['stream']>[0];

/** The document that was seen last, and how many others were before it. */
interface SeenSchema {
  readonly schema: unknown;
  readonly version: number;
}

/** How often RabbitMQ itself counts. */
const LOOK_AGAIN_MS = 5_000;
const BUFFER = 20_000;
const MOST_STATUSES = 100;
const SHUTDOWN_MS = 1_000;

/** What goes on at the brokers: one client, what it watches, and the directory of services. */
export class Laboratory {
  readonly #options: LaboratoryOptions;
  readonly #connections: Connections;
  readonly #changedServices = new Set<string>();
  readonly #statuses = new Map<string, ToldStatuses[]>();
  readonly #schemas = new Map<string, SeenSchema>();
  /** What was reported last and not told yet. */
  readonly #progress = new Map<string, Progress>();
  readonly #streams = new FollowedStreams();
  readonly #waits = new Map<string, AbortController>();
  #client: IntersectClient | undefined;
  #directory: ServiceDirectory | undefined;
  #elsewhere: KnownElsewhere | undefined;
  #readOnly = false;
  /** Messages that came faster than they could be kept. */
  dropped = 0;

  constructor(options: LaboratoryOptions) {
    this.#options = options;
    this.#connections = new Connections(options.changed);
  }

  /** Throws what `startup` of the client throws, e.g. AUTH_REFUSED. */
  async connect(how: ConnectCall): Promise<undefined> {
    await this.#client?.shutdown();
    this.#elsewhere?.stop();
    this.#readOnly = how.settings.readOnly;
    const client = new IntersectClient({
      brokers: await this.#connections.transportsFor(how),
      integers: 'bigint',
      shutdownTimeoutMs: SHUTDOWN_MS,
      observers: [
        {
          payloads: true,
          onMessage: (observation) => this.#observed(observation),
          onReport: (report) => this.#reported(report),
        },
      ],
    });
    this.#client = client;
    await client.startup();
    const store = whatIsKnown(how);
    const directory = watchServices(client, { asks: !this.#readOnly, store });
    this.#directory = directory;
    this.#elsewhere = new KnownElsewhere({
      load: () => store.load(),
      everyMs: LOOK_AGAIN_MS,
      changed: (address) => {
        this.#changedServices.add(address);
        this.#options.changed();
      },
    });
    void this.#followServices(directory);
    void this.#followMessages(client);
    await directory.ready;
    return undefined;
  }

  /** What is new since it was asked the last time. */
  takeNews(): Push[] {
    const news: Push[] = this.#connections.takeNews();
    for (const [key, progress] of this.#progress) news.push({ kind: 'progress', key, progress });
    this.#progress.clear();
    news.push(...this.#streams.takeNews());
    const changed = [...this.#changedServices].flatMap((address) => {
      const here = this.#directory?.services.get(address);
      const service = this.#elsewhere?.joined(address, here) ?? here;
      return service ? [this.#listed(service)] : [];
    });
    this.#changedServices.clear();
    if (changed.length > 0) news.push({ kind: 'services', changed });
    return news;
  }

  async describe(address: string): Promise<unknown> {
    const known = this.#directory?.services.get(address)?.schema;
    if (known || this.#readOnly) return known;
    const sources = this.#directory ? [this.#directory] : [];
    const { schema } = await this.#running().describe(address, { sources, timeoutMs: 10_000 });
    return schema;
  }

  statusesOf(address: string): readonly ToldStatuses[] {
    return this.#statuses.get(address) ?? [];
  }

  async request(call: RequestCall): Promise<Answer> {
    const {
      address: destination,
      operation,
      contentType,
      argument: payload,
      timeoutMs,
      isStream,
      key,
    } = call;
    const wait = new AbortController();
    this.#waits.set(key, wait);
    const startedAt = performance.now();
    const onProgress = (progress: Progress): void => {
      this.#progress.set(key, progress);
      this.#options.changed();
    };
    try {
      const params = { destination, operation, contentType, payload };
      const options = { timeoutMs, signal: wait.signal, onProgress };
      const answer = isStream
        ? await this.#follow(key, params, options)
        : await this.#running().requestWithDetails(params, options);
      const { payload: given, contentType: type, furtherHeaders: headers } = answer;
      const count = 'count' in answer ? answer.count : undefined;
      return { payload: given, contentType: type, headers, count, durationMs: performance.now() - startedAt };
    } finally {
      this.#streams.end(key);
      this.#waits.delete(key);
    }
  }

  /** Takes the items as they come: for the page, and for plots. */
  async #follow(key: string, params: StreamParams, options: RequestOptions) {
    const { destination, operation } = params;
    this.#streams.begin(key);
    for await (const item of this.#running().stream(params, options)) {
      this.#streams.add(key, item);
      this.#options.sampler.item({ address: destination, operation, item, atMs: Date.now() });
      this.#options.changed();
    }
    const { items, count } = this.#streams.end(key);
    return { payload: items, contentType: 'application/json', furtherHeaders: {}, count };
  }

  stopWaiting(key: string): void {
    this.#waits.get(key)?.abort();
  }

  #listed({ schema, ...service }: KnownService): ListedService {
    if (schema === undefined) return { ...service, schemaVersion: 0 };
    const before = this.#schemas.get(service.address);
    const version = before?.schema === schema ? before.version : (before?.version ?? 0) + 1;
    this.#schemas.set(service.address, { schema, version });
    return { ...service, schemaVersion: version };
  }

  #running(): IntersectClient {
    if (!this.#client) throw new Error('The page is not connected yet.');
    return this.#client;
  }

  async #followServices(directory: ServiceDirectory): Promise<void> {
    const changes = directory.changes();
    const noteAll = (): void => {
      for (const service of directory.services.values()) this.#noted(service, true);
    };
    void directory.ready.then(noteAll, () => {});
    try {
      for await (const { kind, service } of changes)
        this.#noted(service, kind === 'status' || kind === 'appeared');
    } catch {
      // It ends with the client, which says why.
    }
  }

  #noted(service: KnownService, isStatus: boolean): void {
    const { address, statuses, toldAtMs: atMs } = service;
    this.#changedServices.add(address);
    if (isStatus && atMs !== undefined) {
      const told = this.#statuses.get(address) ?? [];
      if (told.at(-1)?.atMs !== atMs) {
        this.#statuses.set(address, [...told, { atMs, statuses }].slice(-MOST_STATUSES));
        this.#options.sampler.status(address, statuses, atMs);
      }
    }
    this.#options.changed();
  }

  async #followMessages(client: IntersectClient): Promise<void> {
    const isThere = (address: string) => Promise.resolve(this.#seemsThere(address));
    const messages = client.watchMessages({ bufferSize: BUFFER, ...(this.#readOnly && { isThere }) });
    try {
      for await (const message of messages) this.#passed(message);
    } catch {
      // It ends with the client, which says why.
    }
  }

  /** By what was heard alone, where nothing may be sent. */
  #seemsThere(address: string): 'up' | 'silent' | 'absent' {
    const state = this.#directory?.services.get(address)?.state;
    if (state === 'down') return 'absent';
    return state === 'silent' ? 'silent' : 'up';
  }

  #passed({ kind, address, broker, message, receivedAtMs: atMs }: WatchedMessage): void {
    this.#keep({ kind, address, broker, message, atMs, own: false });
  }

  #keep(seen: SeenMessage): void {
    this.#options.timeline.add(seen);
    if (seen.kind === 'event') this.#options.sampler.event(seen);
    this.#options.changed();
  }

  /** What this page sends and gets itself does not pass by, but is seen here. */
  #observed({ kind, channel, contentType, headers, payload, ...seen }: Observation): void {
    const { source = '', destination = '', broker = '', durationMs = 0 } = seen;
    // It was over when the broker had taken it; by then its answer can be here.
    const atMs = kind === 'sent' ? seen.atMs - durationMs : seen.atMs;
    const isRequest = kind === 'sent' && seen.operation !== undefined;
    const isAnswer = kind === 'received' && destination === this.#client?.address;
    if (!payload || (!isRequest && !isAnswer) || isPing(seen.operation)) return;
    const message = { channel, contentType, headers, payload };
    const address = isRequest ? destination : source;
    this.#keep({ kind: isRequest ? 'request' : 'answer', address, broker, message, atMs, own: true });
  }

  #reported({ kind, message, source = '', operation, event, capability }: Report): void {
    if (kind === 'event-dropped') this.dropped++;
    if (kind !== 'message-refused' && kind !== 'response-refused') return;
    const what = operation ?? (event === undefined ? '' : `${capability}.${event}`);
    this.#options.timeline.addRefused({ atMs: Date.now(), reason: message, service: source, what });
    this.#options.changed();
  }
}

/** What the directory asks by itself is nothing that a person did. */
function isPing(operation: string | undefined): boolean {
  return operation?.startsWith('intersect_sdk.') === true;
}
