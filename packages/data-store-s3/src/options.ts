import type { Issue, Logger } from '@intersect-sdk/core';
import {
  bytes,
  callback,
  count,
  custom,
  type FieldReader,
  list,
  logger,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  oneOf,
  readOptions,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';
import { BUCKET, BUCKET_HINT } from './names/places.js';
import { type Pem, pemRow } from './pem.js';

/** Who asks the store. */
export interface S3Credentials {
  /** S3 calls it the access key. */
  readonly username: string;
  /** S3 calls it the secret key. */
  readonly password: string;
  /** Of credentials that end by themselves, where the store wants it. */
  readonly sessionToken?: string | undefined;
}

/** Where credentials come from. */
export type S3CredentialsSource = () => S3Credentials | Promise<S3Credentials>;

/** S3 takes no smaller part, but for the last one. */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

const S3_STORE_OPTIONS = {
  /** Where the store is, such as `http://127.0.0.1:9000` or `https://s3.lab.example`: without a path, a user name and a password, because it stands in every pointer. */
  url: required(storeUrlRow()),
  /**
   * The user name at the store, which S3 calls the access key.
   * @default that of `credentials`
   */
  username: text(),
  /**
   * The password at the store, which S3 calls the secret key.
   * @default that of `credentials`
   */
  password: text(),
  /**
   * A function that gives `{ username, password }`, with `sessionToken` where the store wants one, instead of both. It is asked again for each request, so that they can change.
   * @default `username` and `password`
   */
  credentials: callback<S3CredentialsSource>(),
  /**
   * The region that requests are signed for. MinIO and versitygw call theirs `us-east-1` unless they are told otherwise.
   * @default 'us-east-1'
   */
  region: text({ default: 'us-east-1' }),
  /**
   * The bucket to put data into. It is made where it is missing.
   * @default one for each client and service, named by its address as in every SDK
   */
  bucket: text({ pattern: BUCKET, hint: BUCKET_HINT }),
  /**
   * Other URLs under which programs know the same store: pointers with one of these are read here too.
   * @default []
   */
  alsoKnownAs: list(storeUrlRow(), { default: [] }),
  /**
   * How the bucket is named in requests: `path` is `https://host/bucket`, `virtual-host` is `https://bucket.host`.
   * @default 'path'
   */
  addressing: oneOf(['path', 'virtual-host'], { default: 'path' }),
  /**
   * The certificates of authorities to trust instead of the usual ones, as PEM. A browser can't do it.
   * @default those that the system or Node trusts
   */
  ca: pemRow(),
  /**
   * A stream whose size is not known is sent in parts of this size in bytes, of which three, or as many as have 24 MiB together, are held in memory; at least 5 MiB. S3 takes 10,000 parts.
   * @default 8388608 (8 MiB)
   */
  partSizeBytes: bytes({ default: 8 * 1024 * 1024, min: SMALLEST_PART_BYTES }),
  /**
   * How long the store, or `credentials`, may take for the next step, in ms: to answer, or to take or give the next bytes. What the program itself takes does not count.
   * @default 30000
   */
  stallTimeoutMs: ms({ default: 30_000 }),
  /**
   * After how many days the store deletes what nobody has deleted, in buckets that are made here. Where the store can't do that, it is logged once, and `unclaimed` lists such data.
   * @default 7
   */
  expireAfterDays: count({ default: 7 }),
  /**
   * Where to log what does not fail a call. No data and no secret gets there.
   * @default nowhere
   */
  logger: logger(),
} satisfies OptionTable;

/** What `s3Store` takes. */
export interface S3StoreOptions extends Named, OptionsOf<typeof S3_STORE_OPTIONS> {}

/** The options, checked and complete. */
export interface ResolvedS3StoreOptions {
  readonly url: string;
  readonly alsoKnownAs: readonly string[];
  readonly credentials: S3CredentialsSource;
  readonly region: string;
  readonly bucket: string | undefined;
  readonly addressing: 'path' | 'virtual-host';
  readonly ca: Pem | undefined;
  readonly partSizeBytes: number;
  readonly stallTimeoutMs: number;
  readonly expireAfterDays: number;
  readonly logger: Logger;
}

/** Throws one ConfigError with everything that is wrong. */
export function resolveS3StoreOptions(input: S3StoreOptions): ResolvedS3StoreOptions {
  return readOptions('The options of the data store cannot be used', input, (read) => {
    const { username, password, credentials, ...options } = readTable(read, S3_STORE_OPTIONS);
    if (options.addressing === 'virtual-host' && isNumeric(options.url)) {
      read.addIssue('addressing', "must be 'path' for a store whose host is an address and no name");
    }
    return { ...options, credentials: credentialsOf(read, { username, password, credentials }) };
  });
}

interface GivenCredentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly credentials: S3CredentialsSource | undefined;
}

function credentialsOf(
  read: FieldReader,
  { username, password, credentials }: GivenCredentials,
): S3CredentialsSource {
  const fixed = { username, password };
  for (const [name, value] of Object.entries(fixed)) {
    if (credentials && value !== undefined) read.addIssue(name, 'must not stand beside credentials');
    // `raw`, because a value that is no text has an issue of its own.
    if (!credentials && read.raw(name) === undefined)
      read.addIssue(name, 'is required, unless credentials gives it');
  }
  return credentials ?? (() => fixed as S3Credentials);
}

/** Gives the URL as it stands in pointers, in the spelling of every SDK. */
function storeUrlRow(): OptionRow<string | URL, string> {
  return custom<string | URL, string>({
    json: { type: 'string' },
    read({ value, path, issues }) {
      if (value === undefined) return '';
      const url = urlOf(value);
      const message = urlProblem(url);
      if (message !== undefined) issues.push({ path, message } satisfies Issue);
      return url?.origin ?? '';
    },
  });
}

function urlOf(value: unknown): URL | undefined {
  if (value instanceof URL) return value;
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

function urlProblem(url: URL | undefined): string | undefined {
  if (!url || !/^https?:$/.test(url.protocol)) {
    return "must be the URL of the store, such as 'http://127.0.0.1:9000'";
  }
  if (url.username || url.password)
    return 'must not have a user name or a password: it stands in every pointer';
  if (url.pathname !== '/' || url.search || url.hash)
    return 'must end after the host and the port: a store has no path';
  return undefined;
}

function isNumeric(url: string): boolean {
  return URL.canParse(url) && /^[\d.]+$|^\[/.test(new URL(url).hostname);
}
