import type { Issue } from '../errors/errors.js';
import { FieldReader } from '../plumbing/field-reader.js';
import { kindOf } from '../plumbing/value-rules.js';
import type { DataStore, DataStoreConfig, DataStoresConfig } from './data-store.js';

const METHODS = ['put', 'get', 'delete'] as const;

/**
 * Reads untrusted `dataStores`; every problem goes to `issues`. Returns the stores that can be used. The plain values of a
 * configuration file are checked, but no store is made of them.
 */
export function checkDataStores(input: unknown, issues: Issue[], path: string): readonly DataStore[] {
  if (input === undefined) return [];
  if (Array.isArray(input)) {
    for (const [index, store] of input.entries()) checkStore(store, issues, `${path}[${index}]`);
    return input;
  }
  if (typeof input === 'object' && input !== null && !isStore(input)) {
    checkDataStoresConfig(input, issues, path);
    return [];
  }
  const got = isStore(input) ? 'one data store' : kindOf(input);
  const message = `must be a list of data stores, or { minio: [...] } as in a configuration file; got ${got}`;
  issues.push({ path, message });
  return [];
}

/** Reads the data stores of a configuration file and fills in the defaults. */
export function checkDataStoresConfig(input: unknown, issues: Issue[], path: string): DataStoresConfig {
  if (input === undefined) return { minio: [] };
  const read = new FieldReader(input, issues, path);
  const minio = read.list('minio', (store, at) => checkStoreConfig(store, issues, at));
  read.rejectUnknown();
  return { minio };
}

function checkStoreConfig(input: unknown, issues: Issue[], path: string): DataStoreConfig {
  const read = new FieldReader(input, issues, path);
  const username = read.requiredText('username', { minLength: 1 });
  const password = read.requiredText('password', { minLength: 1 });
  const host = read.text('host', '127.0.0.1', {
    minLength: 1,
    pattern: /^[^\s@]+$/,
    hint: 'must be a host name or address, without user name and password',
  });
  const port = read.number('port', undefined, { integer: true, min: 1, max: 65535 });
  read.rejectUnknown();
  return { username, password, host, ...(port !== undefined && { port }) };
}

function isStore(value: unknown): value is DataStore {
  const candidate = value as Partial<DataStore> | null | undefined;
  return METHODS.some((name) => typeof candidate?.[name] === 'function');
}

/** Checks only the methods: a store may have any other fields. */
function checkStore(input: unknown, issues: Issue[], path: string): void {
  if (typeof input !== 'object' || input === null) {
    issues.push({ path, message: `must be a data store, got ${kindOf(input)}` });
    return;
  }
  const store = input as Partial<DataStore>;
  for (const name of METHODS) {
    if (typeof store[name] !== 'function')
      issues.push({ path: `${path}.${name}`, message: 'must be a function' });
  }
  if (store.presign !== undefined && typeof store.presign !== 'function') {
    issues.push({ path: `${path}.presign`, message: 'must be a function, or left out' });
  }
  const { url, alsoKnownAs = [] } = store;
  checkUrl(url, issues, `${path}.url`);
  if (Array.isArray(alsoKnownAs)) {
    for (const [index, other] of alsoKnownAs.entries())
      checkUrl(other, issues, `${path}.alsoKnownAs[${index}]`);
  } else {
    issues.push({
      path: `${path}.alsoKnownAs`,
      message: `must be a list of URLs, got ${kindOf(alsoKnownAs)}`,
    });
  }
}

function checkUrl(value: unknown, issues: Issue[], path: string): void {
  if (typeof value !== 'string' || !URL.canParse(value)) {
    issues.push({ path, message: "must be the URL of the store, such as 'http://127.0.0.1:9000'" });
    return;
  }
  const { username, password } = new URL(value);
  if (username || password) {
    issues.push({ path, message: 'must not have a user or a password: it goes out with every pointer' });
  }
}
