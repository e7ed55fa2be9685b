import { type DataStore, isAddress, type Logger } from '@intersect-sdk/core';
import {
  bytes,
  count,
  custom,
  type DataStores,
  dataStores,
  type Given,
  kindOf,
  list,
  logger,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';
import { isPlace } from './names.js';

/**
 * Judges what a page sent as its token. Resolve to false, or throw, for what opens nothing; take as long for a token that is nearly right as
 * for one that is not.
 */
export type TokenCheck = (token: string) => boolean | Promise<boolean>;

/** A shorter text can be guessed by trying. */
const SHORTEST_TOKEN = 16;

const DATA_GATEWAY_OPTIONS = {
  /** The address in whose name data are put, such as `lab.building.room.-.web-page`: it names the bucket of all that pages put, which they may also read and delete. */
  owner: required(custom<string, string>({ read: readOwner })),
  /** What a page has to send as `Authorization: Bearer ...`: a text of at least 16 characters, or a function that judges what was sent, such as the token of a session. */
  token: required(custom<string | TokenCheck, string | TokenCheck>({ read: readToken })),
  /**
   * Programs whose data pages may read, by their addresses, such as `lab.building.room.-.camera`, or buckets by their names.
   * @default []
   */
  readFrom: placesRow(),
  /**
   * Programs whose data pages may read and delete, as a client does with an answer that it has read; addresses or buckets.
   * @default []
   */
  takeFrom: placesRow(),
  /**
   * The path that the gateway answers below.
   * @default '/data'
   */
  path: text({
    default: '/data',
    pattern: /^(\/[\w~-][\w.~-]*)+$/,
    hint: "must be a path without an end slash, such as '/data'",
  }),
  /**
   * Origins of other sites whose pages may use the gateway, such as `https://lab.example`. Pages of its own origin always may.
   * @default []
   */
  origins: list(custom<string, string>({ read: readOrigin }), { default: [] }),
  /**
   * How large the data may be that a page puts, in bytes.
   * @default 1073741824 (1 GiB)
   */
  maxDataBytes: bytes({ default: 1024 * 1024 * 1024 }),
  /**
   * How many uploads in parts may be open at one time; for each of them two parts, 10 MiB, may be held in memory.
   * @default 16
   */
  maxUploads: count({ default: 16 }),
  /**
   * How long a page may take to send its next bytes or its next part, and to take what it reads, in ms.
   * @default 60000
   */
  stallTimeoutMs: ms({ default: 60_000 }),
  /**
   * Where to log what a store could not do, and who was refused. No data, no token and no secret gets there.
   * @default nowhere
   */
  logger: logger(),
} satisfies OptionTable;

/** What `dataGateway` takes beside the stores. */
export interface DataGatewayOptions extends Named, OptionsOf<typeof DATA_GATEWAY_OPTIONS> {}

/** The options, checked and complete. */
export interface ResolvedGatewayOptions {
  /** Data are put into the first and read from all. */
  readonly stores: readonly [DataStore, ...DataStore[]];
  readonly owner: string;
  readonly token: string | TokenCheck;
  readonly readFrom: readonly string[];
  readonly takeFrom: readonly string[];
  readonly path: string;
  readonly origins: readonly string[];
  readonly maxDataBytes: number;
  readonly maxUploads: number;
  readonly stallTimeoutMs: number;
  readonly logger: Logger;
}

/** Throws one ConfigError with everything that is wrong. */
export function resolveGatewayOptions(
  stores: readonly DataStore[],
  options: DataGatewayOptions,
): ResolvedGatewayOptions {
  return readOptions('The data gateway cannot be made', options, (fields) => {
    const { issues } = fields;
    const known = issues.length;
    const usable = dataStores().read({ value: stores as DataStores, path: 'stores', issues });
    if (issues.length === known && usable.length === 0) {
      issues.push({ path: 'stores', message: 'must be a list with at least one data store' });
    }
    return { ...readTable(fields, DATA_GATEWAY_OPTIONS), stores: usable as [DataStore, ...DataStore[]] };
  });
}

function readOwner({ value, path, issues }: Given): string {
  if (typeof value === 'string' && isAddress(value)) return value;
  if (value !== undefined) {
    issues.push({ path, message: "must be an address, such as 'lab.building.room.-.web-page'" });
  }
  return '';
}

function readToken({ value, path, issues }: Given): string | TokenCheck {
  if (typeof value === 'function') return value as TokenCheck;
  // A browser sends nothing else in a header as it is.
  if (typeof value === 'string' && value.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(value))
    return value;
  const got = typeof value === 'string' ? '' : `, got ${kindOf(value)}`;
  const message = `must be a text of at least ${SHORTEST_TOKEN} printable ASCII characters without spaces, or a function${got}`;
  if (value !== undefined) issues.push({ path, message });
  return '';
}

function readOrigin({ value, path, issues }: Given): string {
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value) return value;
  issues.push({ path, message: "must be an origin: scheme, host and port, such as 'https://lab.example'" });
  return '';
}

function placesRow(): OptionRow<readonly string[], readonly string[]> {
  return list(custom<string, string>({ read: readPlace }), { default: [] });
}

function readPlace({ value, path, issues }: Given): string {
  if (typeof value === 'string' && isPlace(value)) return value;
  const message =
    "must be an address, such as 'lab.building.room.-.camera', or the name of a bucket, which here has no dot";
  issues.push({ path, message });
  return '';
}
