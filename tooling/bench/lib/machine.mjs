import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { storePrograms } from '@intersect-sdk/test-brokers';
import { root } from '../../scripts/lib/root.mjs';

const installed = new URL('../node_modules/', import.meta.url);
/** What is compared, as it is installed. */
const libraries = ['amqplib', 'mqtt', 'rabbitmq-client', '@nestjs/microservices', '@nestjs/core'];

/**
 * What the figures were made on and with, as rows of a table.
 *
 * @param {{ managementUrl: string, username: string, password: string }} rabbitmq
 * @param {{ ours: boolean } | undefined} store
 * @param {string | undefined} python
 * @returns {Promise<[string, string][]>}
 */
export async function machine(rabbitmq, store, python) {
  const [cpu] = cpus();
  return [
    ['machine', `${cpus().length} cores (${cpu?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
    ['Node', process.version],
    ['RabbitMQ', await rabbitmqVersion(rabbitmq)],
    [storePrograms.s3.title, storeVersion(store)],
    ['this SDK', `commit ${git('rev-parse', '--short', 'HEAD')}`],
    ...libraries.map((name) => /** @type {[string, string]} */ ([name, versionOf(name)])),
    ['Python SDK', python === undefined ? 'not there' : pythonVersion(python)],
  ];
}

/** @param {{ managementUrl: string, username: string, password: string }} rabbitmq */
async function rabbitmqVersion({ managementUrl, username, password }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${managementUrl}/api/overview`, { headers: { authorization } });
  const overview = /** @type {{ rabbitmq_version?: string }} */ (await response.json());
  return overview.rabbitmq_version ?? 'unknown';
}

/**
 * It does not tell its version itself.
 *
 * @param {{ ours: boolean } | undefined} store
 */
function storeVersion(store) {
  if (store === undefined) return 'not there';
  return store.ours ? storePrograms.s3.version : 'what the environment names';
}

/** @param {string} name */
function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`${name}/package.json`, installed), 'utf8')).version;
}

/** @param {string} python */
function pythonVersion(python) {
  const program = `import importlib.metadata as m, platform
print(m.version('intersect-sdk'), 'on Python', platform.python_version())`;
  return execFileSync(python, ['-c', program], { encoding: 'utf8' }).trim();
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
