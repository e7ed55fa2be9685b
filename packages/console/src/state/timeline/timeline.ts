import type { Entry, Found, RefusedMessage, Row, SeenMessage } from './entry.js';
import { type EntryFilter, matcherOf } from './entry-filter.js';
import { readHeaders } from './headers.js';

export interface TimelineLimits {
  readonly entries: number;
  readonly bytes: number;
}

const LIMITS: TimelineLimits = { entries: 20_000, bytes: 64 * 1024 * 1024 };
/** What a message takes besides its payload, about. */
const OVERHEAD_BYTES = 1_000;

interface Kept {
  row: Row;
  messages: SeenMessage[];
}

/** What passed by, in order, requests joined with their answers. It keeps the newest, within its limits. */
export class Timeline {
  readonly #limits: TimelineLimits;
  readonly #kept = new Map<number, Kept>();
  readonly #waiting = new Map<string, Kept>();
  #lastId = 0;
  #bytes = 0;
  #forgotten = 0;
  /** Another number after each change. */
  revision = 0;

  constructor(limits: Partial<TimelineLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  add(seen: SeenMessage): void {
    if (seen.kind === 'answer' && readHeaders(seen.message).control) this.#addControl(seen);
    else if (seen.kind === 'answer') this.#addAnswer(seen);
    else if (seen.kind === 'request') this.#addRequest(seen);
    else this.#addTold(seen);
    this.#forget();
  }

  addRefused({ atMs, reason, service, what }: RefusedMessage): void {
    this.#insert({ ...EMPTY, kind: 'refused', state: 'refused', atMs, service, what, reason }, []);
    this.#forget();
  }

  find(filter: EntryFilter, limit: number): Found {
    const matches = matcherOf(filter);
    const rows: Row[] = [];
    let matching = 0;
    for (const { row, messages } of [...this.#kept.values()].reverse()) {
      if (!matches(row, messages)) continue;
      matching++;
      if (rows.length < limit) rows.push(row);
    }
    return { rows, matching, kept: this.#kept.size, forgotten: this.#forgotten };
  }

  entry(id: number): Entry | undefined {
    const found = this.#kept.get(id);
    return found && { ...found.row, messages: found.messages };
  }

  /** The entry of a request, by the id that its sender gave it. */
  entryOfRequest(requestId: string): Entry | undefined {
    for (const { row, messages } of this.#kept.values()) {
      if (row.requestId === requestId) return { ...row, messages };
    }
    return undefined;
  }

  /** All messages that are kept, as they came. */
  messages(): SeenMessage[] {
    const all = [...this.#kept.values()].flatMap(({ messages }) => messages);
    return all.sort((a, b) => a.atMs - b.atMs);
  }

  clear(): void {
    this.#kept.clear();
    this.#waiting.clear();
    this.#bytes = 0;
    this.revision++;
  }

  #addRequest(seen: SeenMessage): void {
    const { requestId, operation, source, campaign } = readHeaders(seen.message);
    const early = this.#waiting.get(keyOf(requestId, source));
    const about = { service: seen.address, asker: source, what: operation, campaign, requestId };
    if (early) {
      // Two brokers, or two subscriptions, need not keep the order: its answer was here first.
      if (early.messages.some(({ kind }) => kind === 'request')) return;
      const answer = early.messages.find(({ kind }) => kind === 'answer');
      const durationMs = Math.max(0, (answer?.atMs ?? seen.atMs) - seen.atMs);
      this.#change(early, { ...about, atMs: seen.atMs, durationMs, own: seen.own }, seen);
      return;
    }
    const row: NewRow = {
      ...EMPTY,
      ...about,
      kind: 'request',
      state: 'waiting',
      atMs: seen.atMs,
      own: seen.own,
    };
    this.#waiting.set(keyOf(requestId, source), this.#insert(row, [seen]));
  }

  #addAnswer(seen: SeenMessage): void {
    const { requestId, operation, source, destination, campaign, hasError, part } = readHeaders(seen.message);
    const key = keyOf(requestId, destination);
    const waiting = this.#waiting.get(key);
    if (waiting && part) {
      this.#change(waiting, { parts: waiting.row.parts + 1 }, seen);
      return;
    }
    const state = hasError ? 'failed' : 'answered';
    if (waiting?.row.state === 'waiting') {
      this.#change(waiting, { state, durationMs: Math.max(0, seen.atMs - waiting.row.atMs) }, seen);
      return;
    }
    // It was answered already: what comes twice is shown once.
    if (waiting) return;
    const row: NewRow = {
      ...EMPTY,
      kind: 'request',
      state: part ? 'waiting' : state,
      atMs: seen.atMs,
      service: source,
      asker: destination,
      what: operation,
      campaign,
      requestId,
      own: seen.own,
    };
    this.#waiting.set(key, this.#insert(row, [seen]));
  }

  /** It goes the way of answers, from the asker to the service, and belongs to the request. */
  #addControl(seen: SeenMessage): void {
    const { requestId, source } = readHeaders(seen.message);
    const request = this.#waiting.get(keyOf(requestId, source));
    if (request) this.#change(request, {}, seen);
  }

  #addTold(seen: SeenMessage): void {
    const { event, lifecycle, campaign } = readHeaders(seen.message);
    const kind = seen.kind === 'event' ? 'event' : 'lifecycle';
    const what = event || lifecycle;
    const { atMs, address: service, own } = seen;
    this.#insert({ ...EMPTY, kind, state: 'told', atMs, service, what, campaign, own }, [seen]);
  }

  #insert(row: NewRow, messages: SeenMessage[]): Kept {
    const bytes = messages.reduce((sum, { message }) => sum + message.payload.length, 0);
    const kept: Kept = { row: { ...row, id: ++this.#lastId, bytes }, messages };
    this.#kept.set(kept.row.id, kept);
    this.#bytes += bytes + OVERHEAD_BYTES;
    this.revision++;
    return kept;
  }

  #change(kept: Kept, change: Partial<Row>, seen: SeenMessage): void {
    const more = seen.message.payload.length;
    kept.row = { ...kept.row, ...change, bytes: kept.row.bytes + more };
    kept.messages = [...kept.messages, seen].sort((a, b) => a.atMs - b.atMs);
    this.#bytes += more;
    this.revision++;
  }

  #forget(): void {
    for (const [id, { row }] of this.#kept) {
      if (this.#kept.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) return;
      this.#kept.delete(id);
      if (row.requestId) this.#waiting.delete(keyOf(row.requestId, row.asker));
      this.#bytes -= row.bytes + OVERHEAD_BYTES;
      this.#forgotten++;
    }
  }
}

type NewRow = Omit<Row, 'id' | 'bytes'>;

const EMPTY = {
  asker: '',
  campaign: '',
  requestId: '',
  durationMs: undefined,
  parts: 0,
  own: false,
  reason: undefined,
} as const;

function keyOf(requestId: string, asker: string): string {
  return `${requestId} ${asker}`;
}
