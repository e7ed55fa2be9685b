import type { Issue } from '@intersect-sdk/core';
import { FieldReader } from '@intersect-sdk/core/internal';
import { DEFAULT_HOST, redactWhenPrinted } from '@intersect-sdk/transport/endpoint';

/** One data store, as plain values. */
export interface DataStoreConfig {
  readonly username: string;
  readonly password: string;
  /** A name or address; with `https://` in front the connection is encrypted. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Default: the store's own. */
  readonly port?: number | undefined;
}

/** The data stores a program can reach, by kind. */
export interface DataStoresConfig {
  readonly minio: readonly DataStoreConfig[];
}

/** Reads the data stores and remembers every problem in `issues`, with paths below `path`. */
export function checkDataStores(input: unknown, issues: Issue[], path: string): DataStoresConfig {
  if (input === undefined) return { minio: [] };
  const fields = new FieldReader(input, issues, path);
  const minio = fields.list('minio', (store, at) => checkDataStore(store, issues, at));
  fields.rejectUnknown();
  return { minio };
}

function checkDataStore(input: unknown, issues: Issue[], path: string): DataStoreConfig {
  const fields = new FieldReader(input, issues, path);
  const username = fields.requiredText('username', { minLength: 1 });
  const password = fields.requiredText('password', { minLength: 1 });
  const host = fields.text('host', DEFAULT_HOST, {
    minLength: 1,
    pattern: /^[^\s@]+$/,
    hint: 'must be a host name or address, without user name and password',
  });
  const port = fields.number('port', undefined, { integer: true, min: 1, max: 65535 });
  fields.rejectUnknown();
  return redactWhenPrinted({ username, password, host, ...(port !== undefined && { port }) }, ['password']);
}
