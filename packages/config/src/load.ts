import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Issue } from '@intersect-sdk/core';
import {
  dataStoresConfigRow,
  type OptionTable,
  type ResolvedDataStoresConfig,
} from '@intersect-sdk/core/internal';
import { checkBrokerConfig, redactWhenPrinted } from '@intersect-sdk/transport/endpoint';
import { type Environment, overrideBroker } from './environment.js';
import { CLIENT_TABLE, fieldsOf, SERVICE_TABLE } from './fields.js';
import type { LoadedClientConfig, LoadedServiceConfig } from './loaded-config.js';
import { readConfigFile } from './read-source.js';
import { readTlsFiles } from './tls-files.js';
import { translate } from './translate.js';

export interface LoadOptions {
  /** Where the `INTERSECT_BROKER_*` variables are read from; `{}` for none. Default: `process.env`. */
  readonly env?: Environment;
}

/**
 * Loads a client's configuration from a JSON or YAML file, or from an object of the same shape, in
 * camelCase or as written for the Python SDK. Numbers and flags may be texts, as the Python SDK takes them. Brokers and
 * data stores come back with every default filled in; secrets print as `[redacted]`.
 *
 * @throws ConfigError with every problem, each under the path and spelling that the author used
 */
export async function loadClientConfig(
  source: string | URL | object,
  options: LoadOptions = {},
): Promise<LoadedClientConfig> {
  return (await load(source, CLIENT_TABLE, options)) as unknown as LoadedClientConfig;
}

/**
 * Loads a service's configuration, as `loadClientConfig` does a client's.
 *
 * @throws ConfigError with every problem, each under the path and spelling that the author used
 */
export async function loadServiceConfig(
  source: string | URL | object,
  options: LoadOptions = {},
): Promise<LoadedServiceConfig> {
  return (await load(source, SERVICE_TABLE, options)) as unknown as LoadedServiceConfig;
}

async function load(
  source: string | URL | object,
  table: OptionTable,
  options: LoadOptions,
): Promise<Record<string, unknown>> {
  const file = fileOf(source);
  const { value, issues, spell } = translate(file ? await readConfigFile(file) : source, table);
  const given = Array.isArray(value.brokers) ? value.brokers : [];
  const overridden = overrideBroker(given, options.env ?? process.env, issues);
  const folder = file ? dirname(resolve(file)) : process.cwd();
  const found: Issue[] = [];
  const complete = await Promise.all(
    overridden.brokers.map((broker, index) =>
      readTlsFiles(broker, { folder, path: `brokers[${index}]`, issues: found }),
    ),
  );
  const brokers = complete.map((broker, index) => checkBrokerConfig(broker, found, `brokers[${index}]`));
  if (brokers.length === 0) found.push({ path: 'brokers', message: 'must hold at least one broker' });
  const dataStores = readDataStores(value.dataStores, found);
  checkOthers(value, table, found);
  for (const { path, message } of found) {
    issues.push({ path: overridden.variables.get(path) ?? spell(path), message });
  }
  if (issues.length > 0) {
    throw new ConfigError(
      file ? `The configuration file ${file} cannot be used` : 'The configuration cannot be used',
      firstOfEachPath(issues),
    );
  }
  return { ...value, brokers, dataStores };
}

/** Their passwords print as `[redacted]`. */
function readDataStores(value: unknown, issues: Issue[]): ResolvedDataStoresConfig {
  const { minio } = dataStoresConfigRow.read({ value, path: 'dataStores', issues });
  return { minio: minio.map((store) => redactWhenPrinted(store, ['password'])) };
}

/** Brokers and data stores are read in their own ways. */
function checkOthers(value: Readonly<Record<string, unknown>>, table: OptionTable, issues: Issue[]): void {
  for (const { name: path } of fieldsOf(table)) {
    if (path === 'brokers' || path === 'dataStores') continue;
    const given = value[path];
    if (given !== undefined) table[path]?.read({ value: given, path, issues });
    else if (table[path]?.required) issues.push({ path, message: 'is required' });
  }
}

function fileOf(source: string | URL | object): string | undefined {
  const isFileUrl = source instanceof URL && source.protocol === 'file:';
  if (isFileUrl) return fileURLToPath(source);
  // Not repeated: a broker's URL or the text of a configuration can hold a password.
  if (source instanceof URL || (typeof source === 'string' && /:\/\/|[\r\n{]/.test(source))) {
    const message = 'must be the name of a file, a file URL made with new URL(), or an object';
    throw new ConfigError('The configuration cannot be used', [{ path: '', message }]);
  }
  return typeof source === 'string' ? source : undefined;
}

// What could not be translated is missing for the later checks, which then complain about the same place.
function firstOfEachPath(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ path }, index) => issues.findIndex((other) => other.path === path) === index);
}
