import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { storeEndpoints, storeProbes } from './endpoints.mjs';
import { PlainProcess } from './plain-process.mjs';
import { dockerProblem, dockerStore } from './provider-docker.mjs';
import { credentials, host } from './settings.mjs';
import { buildStoreProgram, findStoreProgram, storePrograms } from './store-programs.mjs';

/**
 * @typedef {keyof typeof storePrograms} StoreKind
 * @typedef {{ folder: string, project: string, attached: boolean }} Placement
 * @typedef {PlainProcess | Awaited<ReturnType<typeof dockerStore>>} StoreProcess
 */

/**
 * A store of data on this machine, not started yet: a program that is there already, else in a container.
 *
 * @param {StoreKind} kind
 * @param {{ port: number, placement: Placement, build?: boolean, onProgress: (sentence: string) => void }} options
 *   `build`: where there is neither, build the program. It takes minutes.
 * @returns {Promise<{ store: StoreProcess } | { reason: string }>}
 */
export async function chooseStore(kind, { port, placement, build = false, onProgress }) {
  const program = storePrograms[kind];
  try {
    const found = findStoreProgram(program);
    if (found !== undefined) return { store: storeProcess(kind, found, { port, placement }) };
    if (kind === 's3' && (await dockerProblem()) === undefined) {
      return { store: await dockerStore(port, placement, onProgress) };
    }
    if (!build) {
      const more = kind === 'minio' ? ' --minio' : '';
      return {
        reason: `${program.title} is not on this machine yet; \`npm run brokers -- prepare${more}\` builds it, in ${program.effort}`,
      };
    }
    return { store: storeProcess(kind, await buildStoreProgram(program, onProgress), { port, placement }) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {StoreKind} kind
 * @param {string} file
 * @param {{ port: number, placement: Placement }} where
 */
function storeProcess(kind, file, { port, placement: { folder, attached } }) {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const address = `${host}:${port}`;
  const { username, password } = credentials;
  const common = {
    what: storePrograms[kind].title,
    file,
    folder,
    attached,
    probes: storeProbes(kind, storeEndpoints(port)),
  };
  if (kind === 'minio') {
    const args = ['server', '--quiet', '--address', address, data];
    const env = {
      MINIO_ROOT_USER: username,
      MINIO_ROOT_PASSWORD: password,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    };
    return new PlainProcess({ ...common, args, env });
  }
  const env = { ROOT_ACCESS_KEY: username, ROOT_SECRET_KEY: password };
  const args = ['--quiet', '--port', address, '--health', '/health', 'posix', data];
  return new PlainProcess({ ...common, args, env });
}
