import type { DataPointer, DataStore, Logger } from '@intersect-sdk/core';
import { encodeUtf8, isObjectId } from '@intersect-sdk/core/internal';
import { QUERY } from '../api.js';
import { bucketOf } from './names.js';
import type { ResolvedGatewayOptions, TokenCheck } from './options.js';
import { malformed, Refusal } from './refusal.js';

/** Data in a store that was given, in a bucket that pages may use. */
export interface Target {
  readonly store: DataStore;
  readonly pointer: DataPointer;
}

type Use = 'read' | 'delete';

/** Who may do what. Everything is judged here, before any store is asked. */
export class Access {
  readonly #stores: readonly DataStore[];
  readonly #isToken: TokenCheck;
  readonly #logger: Logger;
  readonly #buckets: Readonly<Record<Use, ReadonlySet<string>>>;

  constructor({ stores, token, owner, readFrom, takeFrom, logger }: ResolvedGatewayOptions) {
    this.#stores = stores;
    this.#logger = logger;
    this.#isToken = typeof token === 'string' ? (given) => isSame(given, token) : token;
    const takes = [owner, ...takeFrom].map(bucketOf);
    this.#buckets = { read: new Set([...takes, ...readFrom.map(bucketOf)]), delete: new Set(takes) };
  }

  /** Throws a Refusal for a request without the right token. */
  async check({ headers }: Request): Promise<void> {
    const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
    if (token === undefined) {
      throw new Refusal(
        401,
        'DATA_STORE_REFUSED',
        'The data gateway wants a token: Authorization: Bearer ...',
      );
    }
    if (!(await this.#opens(token))) {
      throw new Refusal(401, 'DATA_STORE_REFUSED', 'The data gateway refuses the token.');
    }
  }

  async #opens(token: string): Promise<boolean> {
    try {
      // Exactly true: a function that forgets to wait for its own answer opens nothing.
      return (await this.#isToken(token)) === true;
    } catch (error) {
      const name = error instanceof Error ? error.name : 'something that is no error';
      this.#logger.warn({ error: name }, 'The function that judges tokens failed, so the token was refused');
      return false;
    }
  }

  /** Throws a Refusal for a pointer that leads anywhere else than to an object that pages may use so. */
  target(query: ReadonlyMap<string, string>, use: Use): Target {
    const [url, bucket, objectId] = [QUERY.url, QUERY.bucket, QUERY.objectId].map((name) => query.get(name));
    if (url === undefined || bucket === undefined || objectId === undefined) {
      throw malformed(`A pointer needs ${QUERY.url}, ${QUERY.bucket} and ${QUERY.objectId}.`);
    }
    const store = this.#stores.find((each) => each.url === url || each.alsoKnownAs?.includes(url));
    if (!store)
      throw new Refusal(404, 'DATA_STORE_UNKNOWN', 'The data gateway does not have this data store.');
    if (!this.#buckets[use].has(bucket)) {
      throw new Refusal(
        403,
        'DATA_STORE_REFUSED',
        `The data gateway lets no page ${use} data of this bucket: its options 'readFrom' and 'takeFrom' do not name it.`,
      );
    }
    if (!isObjectId(objectId)) {
      throw new Refusal(400, 'PAYLOAD_INVALID', 'The pointer does not name an object.');
    }
    return { store, pointer: { url, bucket, objectId } };
  }
}

/** Takes the same time for a text that is nearly right as for one that is not. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [encodeUtf8(given), encodeUtf8(right)];
  let different = a.length ^ b.length;
  for (const [index, byte] of a.entries()) different |= byte ^ (b[index % b.length] ?? 0);
  return different === 0;
}
