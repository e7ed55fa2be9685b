import { ConfigError, type SeenRequest, type SeenStore } from '@intersect-sdk/core';
import { ClassicLevel } from 'classic-level';
import { resolveSeenStoreOptions, type SeenStoreOptions } from './options.js';
import { decodeRecord, encodeRecord } from './record.js';

/** How many old requests are deleted in one go. */
const SWEEP = 1_000;
const SWEEP_EVERY_MS = 60_000;
const TIME_DIGITS = 16;

/**
 * A store of seen requests on disk (LevelDB), to give to a service as `seen`. Nothing is opened or made before the service starts. Throws
 * ConfigError with every problem of the options.
 */
export function seenStore(options: SeenStoreOptions): SeenStore {
  return new LevelSeenStore(resolveSeenStoreOptions(options));
}

type Resolved = ReturnType<typeof resolveSeenStoreOptions>;
type Database = ClassicLevel<string, Uint8Array>;

const requestKey = (key: string): string => `r${key}`;
const timeKey = (atMs: number, key = ''): string => `t${String(atMs).padStart(TIME_DIGITS, '0')} ${key}`;

/** Each request stands there by its key, and once more by its time, so that the old ones are found. */
class LevelSeenStore implements SeenStore {
  readonly #options: Resolved;
  #database: Database | undefined;
  #sweptAtMs = Number.NEGATIVE_INFINITY;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(options: Resolved) {
    this.#options = options;
  }

  async open(): Promise<void> {
    if (this.#database) return;
    const { folder } = this.#options;
    const database: Database = new ClassicLevel(folder, { valueEncoding: 'view' });
    try {
      await database.open();
    } catch (error) {
      const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string };
      const why = code === 'LEVEL_LOCKED' ? 'is used by another process' : `cannot be opened: ${message}`;
      const issue = { path: 'folder', message: `${why} (${folder})` };
      throw new ConfigError('The store of seen requests cannot be used', [issue], { cause: error });
    }
    this.#database = database;
    this.#sweptAtMs = Number.NEGATIVE_INFINITY;
    this.#sweep();
  }

  async find(key: string): Promise<SeenRequest | undefined> {
    const bytes = await this.#opened.get(requestKey(key));
    return bytes && decodeRecord(bytes);
  }

  async remember(key: string, seen: SeenRequest): Promise<void> {
    const { maxAnswerBytes, sync } = this.#options;
    const value = encodeRecord(seen, maxAnswerBytes);
    await this.#opened
      .batch()
      .put(requestKey(key), value)
      .put(timeKey(seen.atMs, key), NOTHING)
      .write({ sync });
    this.#sweep();
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    await this.#sweeping;
    await database?.close();
  }

  get #opened(): Database {
    if (this.#database) return this.#database;
    throw new Error('it is not open');
  }

  /** From time to time, beside everything else. */
  #sweep(): void {
    const database = this.#database;
    if (!database || performance.now() - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = performance.now();
    // What could not be deleted now is old at the next time, too.
    this.#sweeping = this.#deleteOld(database).catch(() => {});
  }

  async #deleteOld(database: Database): Promise<void> {
    const before = Date.now() - this.#options.keepForMs;
    if (before <= 0) return;
    for (;;) {
      const old = await database.keys({ gte: 't', lt: timeKey(before), limit: SWEEP }).all();
      const batch = database.batch();
      for (const name of old) batch.del(name).del(requestKey(name.slice(timeKey(0).length)));
      await batch.write();
      if (old.length < SWEEP || this.#database !== database) return;
    }
  }
}

const NOTHING = new Uint8Array();
