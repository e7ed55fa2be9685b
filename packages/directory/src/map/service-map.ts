import type { KnownDescription } from '@intersect-sdk/messaging';
import type { KnownService, ServiceChange, ServiceChangeKind, ServiceState } from './known-service.js';
import type { Heard } from './lifecycle.js';

/** What the protocol allows services to choose. */
const SHORTEST_INTERVAL_MS = 30_000;
const LONGEST_INTERVAL_MS = 1_500_000;

interface ServiceMapOptions {
  /** How often a service tells its status of which that is not known. */
  readonly usualIntervalMs: number;
  readonly changed: (change: ServiceChange) => void;
  /** How many services are kept. */
  readonly maxServices: number;
  /** Called when a service is forgotten to make room, or, without one, when a new one finds no room. */
  readonly full: (forgotten: KnownService | undefined) => void;
}

/** What is kept of a service beside what is shown. */
interface Entry {
  service: KnownService;
  /** When the last POLLING came; from two of them the interval is learned. */
  polledAtMs: number | undefined;
}

/** The services that are known, and what makes them up, blocked, silent or down. Has no timers: who uses it tells what was seen, and when. */
export class ServiceMap {
  readonly #options: ServiceMapOptions;
  readonly #entries = new Map<string, Entry>();
  readonly services = new Map<string, KnownService>();

  constructor(options: ServiceMapOptions) {
    this.#options = options;
  }

  /** A service said something by itself. */
  heard(heard: Heard): void {
    const { address, type, atMs, told, keys = [] } = heard;
    const entry = this.#entry(address, 'lifecycle', atMs);
    if (!entry) return;
    const { blockedKeys, intervalMs } = entry.service;
    const next: Partial<Mutable> = { lastSeenMs: atMs, reason: undefined };
    if (type === 'LCT_STARTUP' || type === 'LCT_POLLING') {
      if (told) Object.assign(next, { ...described(told), toldAtMs: atMs });
      if (type === 'LCT_STARTUP') next.blockedKeys = [];
    } else if (type === 'LCT_FUNCTIONS_BLOCKED') next.blockedKeys = [...new Set([...blockedKeys, ...keys])];
    else if (type === 'LCT_FUNCTIONS_ALLOWED')
      next.blockedKeys = blockedKeys.filter((key) => !keys.includes(key));
    else if (type === 'LCT_SHUTDOWN') next.reason = heard.reason;
    next.intervalMs = heard.intervalMs ?? learned(entry, heard) ?? intervalMs;
    entry.polledAtMs = type === 'LCT_POLLING' ? atMs : type === 'LCT_STARTUP' ? undefined : entry.polledAtMs;
    this.#update(entry, next, { state: type === 'LCT_SHUTDOWN' ? 'down' : 'up', atMs });
  }

  /** It answered, or RabbitMQ shows that it takes requests. */
  seen(address: string, atMs: number, by: 'lifecycle' | 'management' = 'lifecycle'): void {
    const entry = this.#entry(address, by, atMs);
    if (entry) this.#update(entry, { lastSeenMs: atMs, reason: undefined }, { state: 'up', atMs });
  }

  /** It should have been heard, and was not. One that said goodbye stays `down`. */
  missed(address: string, atMs: number): void {
    const entry = this.#entries.get(address);
    if (entry && entry.service.state !== 'down') this.#update(entry, {}, { state: 'silent', atMs });
  }

  /** RabbitMQ says that its queue is there and nobody takes anything from it: found, but not up. */
  abandoned(address: string, atMs: number): void {
    if (!this.#entries.has(address)) this.#entry(address, 'management', atMs);
    this.missed(address, atMs);
  }

  instances(address: string, count: number): void {
    const entry = this.#entries.get(address);
    if (!entry || entry.service.instances === count) return;
    const before = entry.service;
    this.#show(entry, { ...before, instances: count }, { kinds: ['instances'], before });
  }

  /** It said what it can do, because it was asked. */
  described(address: string, { schema, statuses, toldAtMs }: KnownDescription): void {
    const entry = this.#entries.get(address);
    if (!entry || (entry.service.toldAtMs ?? 0) > toldAtMs) return;
    this.#update(entry, { schema, statuses, toldAtMs }, { state: undefined, atMs: toldAtMs });
  }

  /** What an earlier run knew. It is `silent` until it is seen, unless it said goodbye. Of more than there is room for, the longest gone are left out. */
  restore(services: Iterable<KnownService>): void {
    const unknown = [...services].filter(({ address }) => !this.#entries.has(address));
    const room = Math.max(0, this.#options.maxServices - this.#entries.size);
    const left = new Set(unknown.toSorted(goneFirst).slice(0, Math.max(0, unknown.length - room)));
    for (const service of left) this.#options.full(service);
    for (const stored of unknown) {
      if (left.has(stored)) continue;
      const state = stored.state === 'down' ? 'down' : 'silent';
      const service: KnownService = {
        ...stored,
        state,
        foundBy: 'store',
        instances: undefined,
        blockedKeys: [],
      };
      const entry: Entry = { service, polledAtMs: undefined };
      this.#entries.set(stored.address, entry);
      this.#show(entry, service, { kinds: ['appeared'], before: undefined });
    }
  }

  /** Until when it must have been heard of, in ms since 1970; undefined where it is not waited for. */
  dueAtMs(address: string): number | undefined {
    const service = this.services.get(address);
    if (!service || (service.state !== 'up' && service.state !== 'blocked')) return undefined;
    const { lastSeenMs = service.sinceMs, intervalMs = this.#options.usualIntervalMs } = service;
    return lastSeenMs + 2 * intervalMs;
  }

  /** Undefined where there is no room for a new one. */
  #entry(address: string, foundBy: KnownService['foundBy'], atMs: number): Entry | undefined {
    const known = this.#entries.get(address);
    if (known) return known;
    if (this.#entries.size >= this.#options.maxServices && !this.#makeRoom()) return undefined;
    const service: KnownService = {
      address,
      state: 'silent',
      sinceMs: atMs,
      lastSeenMs: undefined,
      foundBy,
      schema: undefined,
      statuses: undefined,
      toldAtMs: undefined,
      blockedKeys: [],
      instances: undefined,
      intervalMs: undefined,
      reason: undefined,
    };
    const entry: Entry = { service, polledAtMs: undefined };
    this.#entries.set(address, entry);
    return entry;
  }

  /** Forgets the service that is the longest gone. False where all are there: who is up is not pushed out by who is new. */
  #makeRoom(): boolean {
    let first: KnownService | undefined;
    for (const { service } of this.#entries.values()) {
      if (RANK[service.state] < RANK.up && (!first || goneFirst(service, first) < 0)) first = service;
    }
    this.#options.full(first);
    if (!first) return false;
    this.#entries.delete(first.address);
    this.services.delete(first.address);
    this.#options.changed({ kind: 'forgotten', service: first, before: first });
    return true;
  }

  #update(
    entry: Entry,
    next: Partial<Mutable>,
    { state: wanted, atMs }: { readonly state: ServiceState | undefined; readonly atMs: number },
  ): void {
    const before = entry.service;
    const isNew = !this.services.has(before.address);
    const merged = { ...before, ...next };
    const raw = wanted ?? before.state;
    const isUp = raw === 'up' || raw === 'blocked';
    const state: ServiceState = isUp ? (merged.blockedKeys.length > 0 ? 'blocked' : 'up') : raw;
    const service = { ...merged, state, sinceMs: state === before.state && !isNew ? before.sinceMs : atMs };
    const kinds: ServiceChangeKind[] = [];
    if (isNew) kinds.push('appeared');
    else if (state !== before.state) kinds.push('state');
    if (!isNew && !same(service.schema, before.schema)) kinds.push('schema');
    if (!isNew && service.toldAtMs !== before.toldAtMs) kinds.push('status');
    if (!isNew && !same(service.blockedKeys, before.blockedKeys)) kinds.push('keys');
    this.#show(entry, service, { kinds, before: isNew ? undefined : before });
  }

  #show(entry: Entry, service: KnownService, { kinds, before }: Shown): void {
    entry.service = service;
    this.services.set(service.address, service);
    for (const kind of kinds) this.#options.changed({ kind, service, before });
  }
}

/** In the order in which they are forgotten. */
const RANK = { down: 0, silent: 1, blocked: 2, up: 2 } as const;

function goneFirst(one: KnownService, other: KnownService): number {
  return RANK[one.state] - RANK[other.state] || one.sinceMs - other.sinceMs;
}

interface Shown {
  readonly kinds: readonly ServiceChangeKind[];
  readonly before: KnownService | undefined;
}

type Mutable = { -readonly [K in keyof KnownService]: KnownService[K] };

function described({ schema, statuses }: NonNullable<Heard['told']>): Partial<Mutable> {
  return schema ? { schema, statuses } : { statuses };
}

/** From two messages that come in intervals. */
function learned({ polledAtMs }: Entry, { type, atMs }: Heard): number | undefined {
  if (type !== 'LCT_POLLING' || polledAtMs === undefined) return undefined;
  return Math.min(Math.max(atMs - polledAtMs, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
