import type { Issue } from '../errors/errors.js';
import type { OptionRow } from '../options/option.js';
import type { Given } from '../plumbing/field-reader.js';
import { kindOf } from '../plumbing/value-rules.js';
import {
  type DataStore,
  type DataStoreOrConfig,
  type DataStores,
  dataStoresConfigRow,
  dataStoresRow,
} from './data-store.js';

const METHODS = ['put', 'get', 'delete'] as const;
const OPTIONAL_METHODS = ['presign', 'unclaimed'] as const;

/** The row of `dataStores`. Gives the stores, or the plain values of a configuration file of which they are made when they are needed. */
export function dataStores(): OptionRow<DataStores, readonly DataStoreOrConfig[]> {
  return dataStoresRow(readDataStores);
}

function readDataStores(given: Given): readonly DataStoreOrConfig[] {
  const { value: input, path, issues } = given;
  if (input === undefined) return [];
  if (Array.isArray(input)) {
    for (const [index, store] of input.entries()) checkStore(store, issues, `${path}[${index}]`);
    return input;
  }
  if (typeof input === 'object' && input !== null && !isStore(input)) {
    return dataStoresConfigRow.read(given).minio;
  }
  const got = isStore(input) ? 'one data store' : kindOf(input);
  const message = `must be a list of data stores, or { minio: [...] } as in a configuration file; got ${got}`;
  issues.push({ path, message });
  return [];
}

/** Whether it is a store, and not the plain values of one. */
export function isStore(value: unknown): value is DataStore {
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
  for (const name of OPTIONAL_METHODS) {
    if (store[name] !== undefined && typeof store[name] !== 'function')
      issues.push({ path: `${path}.${name}`, message: 'must be a function, or left out' });
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
