import { fileURLToPath } from 'node:url';
import { addressOf, hierarchyOf } from './names.mjs';
import { using, Worker } from './worker.mjs';

/**
 * @typedef {object} Store A data store as the measured programs get it.
 * @property {string} url
 * @property {string} username
 * @property {string} password
 *
 * @typedef {object} DataLoad
 * @property {string | undefined} [way] Which of what the program can do.
 * @property {number} bytes
 * @property {number} durationMs At least one round trip is made.
 *
 * @typedef {object} DataContender
 * @property {(load: DataLoad) => Promise<number>} measure MiB in a second.
 * @property {() => Promise<void>} stop
 */

const programs = new URL('../', import.meta.url);
const env = { PYTHONPATH: fileURLToPath(new URL('../e2e/python', programs)) };

/**
 * What puts data into a store and reads them, in a process of its own.
 *
 * @param {string} name
 * @param {{ store: Store | undefined, python?: string | undefined, flags?: readonly string[] }} context `flags`: for Node.
 * @returns {Promise<DataContender>}
 */
export async function startDataStore(name, { store, python, flags = [] }) {
  const hierarchy = hierarchyOf(addressOf('data-python'));
  const worker =
    name === 'python' && python !== undefined
      ? await Worker.start(new URL('peers/python_data_store.py', programs), {
          interpreter: python,
          settings: { store, hierarchy },
          env,
        })
      : await Worker.start(new URL(`${name}/data-store.mjs`, programs), { settings: { store }, flags });
  return { measure: (load) => worker.ask('measure', load), stop: () => worker.stop() };
}

/**
 * A client and a service with the same data store, each in a process of its own. A client of Python is started anew for each
 * measurement, since it takes no commands; its first answer is not counted.
 *
 * @param {string} name
 * @param {{
 *   where: import('./contenders.mjs').Where,
 *   store: Store | undefined,
 *   python?: string,
 *   bytes: number,
 *   flags?: { client?: readonly string[], service?: readonly string[] },
 * }} context `flags`: for Node.
 * @returns {Promise<DataContender>}
 */
export async function startDataClient(name, { where, store, python, bytes, flags = {} }) {
  const service = addressOf(`data-${name}-pair`);
  const settings = {
    ...where,
    store,
    service,
    hierarchy: hierarchyOf(service),
    bytes,
    // A text has its quotes besides.
    maxDataBytes: bytes + 2,
  };
  if (name === 'python' && python !== undefined) {
    const options = { interpreter: python, env };
    const program = new URL('peers/python_data_client.py', programs);
    const serving = await Worker.start(new URL('peers/python_data_service.py', programs), {
      ...options,
      settings,
    });
    return {
      measure: (load) =>
        using(
          new Worker(program, { ...options, settings: { ...settings, ...load } }),
          async (client) => (await client.line()).result,
        ),
      stop: () => serving.stop(),
    };
  }
  const serving = await Worker.start(new URL('sdk/data-service.mjs', programs), {
    settings,
    flags: flags.service ?? [],
  });
  const client = await Worker.start(new URL('sdk/data-client.mjs', programs), {
    settings,
    flags: flags.client ?? [],
  });
  return {
    measure: (load) => client.ask('measure', load),
    async stop() {
      await client.stop();
      await serving.stop();
    },
  };
}
