import { fileURLToPath } from 'node:url';
import { addressOf, hierarchyOf } from './names.mjs';
import { using, Worker } from './worker.mjs';

/**
 * @typedef {object} Where A broker as the measured programs get it.
 * @property {'amqp' | 'mqtt'} protocol
 * @property {string} host
 * @property {number} port
 * @property {string} username
 * @property {string} password
 *
 * @typedef {object} Load
 * @property {number} inFlight
 * @property {number} durationMs
 * @property {number} payloadBytes
 * @property {number} [asked] How many services take turns.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} service Its address; the first one's.
 * @property {(load: Load) => Promise<number>} measure Answers in a second.
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} ProcessorTime Until now, in ms.
 * @property {number} client
 * @property {number} service
 */

export const KEEP_REQUESTS_MS = 60_000;
const programs = new URL('../', import.meta.url);
const pythonEnv = { PYTHONPATH: fileURLToPath(new URL('../e2e/python', programs)) };

/** @type {Record<string, Record<'amqp' | 'mqtt', { client: string, service: string } | undefined>>} */
const pairs = {
  sdk: {
    amqp: { client: 'sdk/client.mjs', service: 'sdk/service.mjs' },
    mqtt: { client: 'sdk/client.mjs', service: 'sdk/service.mjs' },
  },
  raw: {
    amqp: { client: 'raw/amqp-client.mjs', service: 'raw/amqp-service.mjs' },
    mqtt: { client: 'raw/mqtt-client.mjs', service: 'raw/mqtt-service.mjs' },
  },
  'rabbitmq-client': {
    amqp: { client: 'peers/rabbitmq-client-client.mjs', service: 'peers/rabbitmq-client-service.mjs' },
    mqtt: undefined,
  },
  NestJS: { amqp: { client: 'peers/nest-client.mjs', service: 'peers/nest-service.mjs' }, mqtt: undefined },
};

/**
 * A client and a service, each a process of its own, ready to be measured.
 *
 * @param {string} name
 * @param {Where} where
 * @param {{
 *   count?: number,
 *   concurrency?: number,
 *   oneConnection?: boolean,
 *   flags?: { client?: readonly string[], service?: readonly string[] },
 * }} [options] `count`: how many services, all on `oneConnection` or each on its own; `concurrency`: what the SDK's capability declares; `flags`: for Node.
 * @returns {Promise<Contender & { processorTime: () => Promise<ProcessorTime> }>}
 */
export async function startPair(
  name,
  where,
  { count = 1, concurrency, oneConnection = false, flags = {} } = {},
) {
  const pair = pairs[name]?.[where.protocol];
  if (!pair) throw new Error(`${name} does not speak ${where.protocol}.`);
  const who = `${name.toLowerCase()}-${where.protocol}${concurrency === undefined ? '' : `-of-${concurrency}`}`;
  const services = Array.from({ length: count }, (_, index) => addressOf(`${who}-${index}`));
  const settings = {
    ...where,
    services,
    concurrency,
    oneConnection,
    keepRequestsMs: KEEP_REQUESTS_MS,
    queue: `bench-${who}`,
  };
  const service = await Worker.start(new URL(pair.service, programs), {
    settings,
    flags: flags.service ?? [],
  });
  const client = await Worker.start(new URL(pair.client, programs), { settings, flags: flags.client ?? [] });
  return {
    name,
    service: /** @type {string} */ (services[0]),
    measure: (load) => client.ask('measure', load),
    processorTime: async () => ({
      client: await client.ask('processorMs'),
      service: await service.ask('processorMs'),
    }),
    async stop() {
      await client.stop();
      await service.stop();
    },
  };
}

/**
 * The Python SDK: its service runs on, its client is started anew for each measurement, since it takes no commands.
 *
 * @param {string} python The interpreter.
 * @param {Where} where
 * @param {{ warmUpMs: number }} options
 * @returns {Promise<Contender & { firstAnswer: () => Promise<number> }>} `firstAnswer`: ms from the start of a client's
 *   process to its first answer.
 */
export async function startPython(python, where, { warmUpMs }) {
  const service = addressOf(`python-${where.protocol}`);
  const serving = await startPythonService(python, where, service);
  const settings = { ...where, service, hierarchy: hierarchyOf(service) };
  /** @param {Load & { warmUpMs: number }} load */
  const client = (load) =>
    new Worker(new URL('peers/python_client.py', programs), {
      interpreter: python,
      settings: { ...settings, ...load },
      env: pythonEnv,
    });
  return {
    name: 'Python',
    service,
    measure: (load) =>
      using(client({ ...load, warmUpMs }), async (worker) => {
        await worker.line();
        return (await worker.line()).result;
      }),
    firstAnswer() {
      const begin = performance.now();
      const load = { inFlight: 1, payloadBytes: 12, warmUpMs: 0, durationMs: 0 };
      return using(client(load), async (worker) => {
        await worker.line();
        return performance.now() - begin;
      });
    },
    stop: () => serving.stop(),
  };
}

/**
 * The service of the Python SDK alone, at the address.
 *
 * @param {string} python The interpreter.
 * @param {Where} where
 * @param {string} service
 * @returns {Promise<Worker>}
 */
export function startPythonService(python, where, service) {
  return Worker.start(new URL('peers/python_service.py', programs), {
    interpreter: python,
    settings: { ...where, hierarchy: hierarchyOf(service) },
    env: pythonEnv,
  });
}
