import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/lib/root.mjs';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Where a package finds another one: in the nearest `node_modules`, going up. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return realpathSync(folder);
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}

/** What npm installs with the package in this folder, and with what that needs. A peer comes along unless it is optional. */
function installedWith(folder: string, found = new Set<string>()): Set<string> {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    if (found.has(name)) continue;
    found.add(name);
    installedWith(folderOf(name, folder), found);
  }
  return found;
}

const installed = (name: string) => [...installedWith(join(root, 'packages', name))].toSorted();

/** A change here is a change of what every user downloads, audits and updates. */
const table = {
  client: [
    '@intersect-sdk/contract',
    '@intersect-sdk/core',
    '@intersect-sdk/messaging',
    '@intersect-sdk/transport',
    '@noble/hashes',
    'typebox',
  ],
  service: [
    '@intersect-sdk/contract',
    '@intersect-sdk/core',
    '@intersect-sdk/messaging',
    '@intersect-sdk/schema',
    '@intersect-sdk/transport',
    '@noble/hashes',
    'ajv',
    'fast-deep-equal',
    'fast-uri',
    'json-schema-traverse',
    'require-from-string',
    'typebox',
  ],
  testing: [
    '@intersect-sdk/client',
    '@intersect-sdk/contract',
    '@intersect-sdk/core',
    '@intersect-sdk/messaging',
    '@intersect-sdk/schema',
    '@intersect-sdk/service',
    '@intersect-sdk/transport',
    '@noble/hashes',
    'ajv',
    'fast-deep-equal',
    'fast-uri',
    'json-schema-traverse',
    'require-from-string',
    'typebox',
  ],
  'transport-mqtt': [
    '@babel/runtime',
    '@intersect-sdk/core',
    '@intersect-sdk/transport',
    '@noble/hashes',
    '@types/node',
    '@types/readable-stream',
    '@types/ws',
    'base64-js',
    'bl',
    'broker-factory',
    'buffer',
    'buffer-from',
    'commist',
    'concat-stream',
    'debug',
    'fast-unique-numbers',
    'help-me',
    'ieee754',
    'inherits',
    'ip-address',
    'lru-cache',
    'minimist',
    'mqtt',
    'mqtt-packet',
    'ms',
    'process-nextick-args',
    'readable-stream',
    'rfdc',
    'safe-buffer',
    'smart-buffer',
    'socks',
    'split2',
    'string_decoder',
    'tslib',
    'typedarray',
    'undici-types',
    'util-deprecate',
    'worker-factory',
    'worker-timers',
    'worker-timers-broker',
    'worker-timers-worker',
    'ws',
  ],
  directory: [
    '@intersect-sdk/contract',
    '@intersect-sdk/core',
    '@intersect-sdk/messaging',
    '@intersect-sdk/transport',
    '@noble/hashes',
    'typebox',
  ],
  'seen-store': [
    '@intersect-sdk/core',
    '@noble/hashes',
    'abstract-level',
    'base64-js',
    'buffer',
    'classic-level',
    'ieee754',
    'is-buffer',
    'level-supports',
    'level-transcoder',
    'maybe-combine-errors',
    'module-error',
    'napi-macros',
    'node-gyp-build',
  ],
  'data-gateway': ['@intersect-sdk/core', '@noble/hashes'],
  'transport-amqp': ['@intersect-sdk/core', '@intersect-sdk/transport', '@noble/hashes', 'amqplib'],
  'data-store-s3': ['@intersect-sdk/core', '@noble/hashes', 'aws4fetch'],
};

test.each(Object.entries(table))('with %s a user installs these packages and no other', (name, expected) => {
  expect(installed(name)).toEqual(expected);
});
