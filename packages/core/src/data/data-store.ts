import { group, list } from '../options/nested.js';
import { port } from '../options/numbers.js';
import type { Named, OptionRow, OptionsOf, OptionTable, ResolvedOf } from '../options/option.js';
import { custom, required } from '../options/special.js';
import { text } from '../options/texts.js';
import type { DataPointer } from '../wire/payload/data-pointer.js';

/** Data on its way into a store. */
export interface DataToPut {
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
  /** The content type of the data, e.g. `image/png`. A store may use it to name the object. */
  readonly contentType: string;
  /** In bytes. A store may refuse a stream of unknown size. */
  readonly size?: number | undefined;
  /** The address of the program that puts them: a store may name the bucket by it (protocol section 8). */
  readonly owner: string;
  /**
   * Names the object, without the extension that a store may add for the content type. An object that is there already stays as it
   * is, and `put` gives that one. Without it the object gets a name of its own.
   */
  readonly key?: string | undefined;
}

/** Where data lie that were put, and what the store knows of them. */
export interface StoredPointer extends DataPointer {
  /** Of the bytes that lie there, in lower-case hex. There where `existed` is true. */
  readonly sha256?: string | undefined;
  /** In bytes. There where `existed` is true. */
  readonly size?: number | undefined;
  /** True where an object with this `key` was there already, so that nothing was stored. @default false */
  readonly existed?: boolean | undefined;
}

/** Data as they come out of a store. */
export interface StoredData {
  /** Fails when the connection was cut, so a stream that ends without an error is complete. */
  readonly body: ReadableStream<Uint8Array>;
  readonly contentType: string;
  /** In bytes, where the store says it. */
  readonly size?: number | undefined;
}

/** Options of every call of a store. */
export interface DataStoreOptions {
  /** Ends the call, and the stream that it gave. */
  readonly signal: AbortSignal;
}

/** Which data `unclaimed` looks for. */
export interface UnclaimedQuery {
  /** Only data that were put so long ago, or longer; 0: all. */
  readonly olderThanMs: number;
  /** The address of the program that put them. */
  readonly owner: string;
}

/** Data that nobody has read and deleted yet. */
export interface UnclaimedData extends DataPointer {
  /** Since they were put, by the clock of the store. */
  readonly ageMs: number;
  /** In bytes. */
  readonly size: number;
}

/**
 * Where payloads with the data handler `MINIO` are kept; the message carries a pointer instead (protocol section 8). Each method rejects
 * with what went wrong, best with a `DataError`, whose `code` and `retryable` the SDK goes by; the text never gets to another program.
 */
export interface DataStore {
  /** The store's own URL without a path, as it stands in the pointers that `put` gives, e.g. `http://127.0.0.1:9000`. No credentials. */
  readonly url: string;
  /** URLs under which other programs know the same store; pointers with one of these are for this store too. @default [] */
  readonly alsoKnownAs?: readonly string[] | undefined;
  /** Stores the data and tells where they are. A call that fails leaves nothing that could be taken for them. */
  put(data: DataToPut, options: DataStoreOptions): Promise<StoredPointer>;
  /** Fetches what is there. Rejects where there is nothing. */
  get(pointer: DataPointer, options: DataStoreOptions): Promise<StoredData>;
  /** Resolves when the data are gone, also when there were none. */
  delete(pointer: DataPointer, options: DataStoreOptions): Promise<void>;
  /** A URL from which anyone can fetch the data for this time, without credentials. Stores that can't do that leave it out. */
  presign?(
    pointer: DataPointer,
    options: DataStoreOptions & { readonly expiresInMs: number },
  ): Promise<string>;
  /** Data that nobody deleted, e.g. since both programs were killed. Stores that let old data expire by themselves can leave it out. */
  unclaimed?(query: UnclaimedQuery, options: DataStoreOptions): AsyncIterable<UnclaimedData>;
}

const DATA_STORE_OPTIONS = {
  /** The user name at the store. */
  username: required(text()),
  /** The password at the store. */
  password: required(text()),
  /**
   * A name or address; with `https://` in front the connection is encrypted.
   * @default '127.0.0.1'
   */
  host: text({
    default: '127.0.0.1',
    pattern: /^[^\s@]+$/,
    hint: 'must be a host name or address, without user name and password',
  }),
  /**
   * The store's port, 1 to 65535.
   * @default the store's own
   */
  port: port({ nullable: true }),
} satisfies OptionTable;

/** One store, as plain values: what a configuration file says of it. */
export interface DataStoreConfig extends Named, OptionsOf<typeof DATA_STORE_OPTIONS> {}
/** One store of a configuration file, with its defaults. */
export interface ResolvedDataStoreConfig extends Named, ResolvedOf<typeof DATA_STORE_OPTIONS> {}

const DATA_STORES_OPTIONS = {
  /**
   * Stores that speak S3, such as MinIO.
   * @default []
   */
  minio: list(group<DataStoreConfig, ResolvedDataStoreConfig>(DATA_STORE_OPTIONS), { default: [] }),
} satisfies OptionTable;

/** The stores of a configuration file, by kind. */
export interface DataStoresConfig extends Named, OptionsOf<typeof DATA_STORES_OPTIONS> {}
export interface ResolvedDataStoresConfig extends Named, ResolvedOf<typeof DATA_STORES_OPTIONS> {}

/** What configuration files hold of data stores, to be read as it stands there. */
export const dataStoresConfigRow = group<DataStoresConfig, ResolvedDataStoresConfig>(DATA_STORES_OPTIONS, {
  default: {},
});

/** A store, or what one is made of. */
export type DataStoreOrConfig = DataStore | ResolvedDataStoreConfig;

/** The row of the option `dataStores`, read in a way of its own. */
export function dataStoresRow<Out>(read: OptionRow<DataStores, Out>['read']): OptionRow<DataStores, Out> {
  return custom({ fields: DATA_STORES_OPTIONS, read });
}

/**
 * What clients and services take as `dataStores`: a list of stores, or the stores of a configuration file. The program stores
 * into the first one and reads from all of them.
 */
export type DataStores = readonly DataStore[] | DataStoresConfig;
