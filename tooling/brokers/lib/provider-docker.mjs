import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import {
  mosquittoEndpoints,
  mosquittoProbes,
  rabbitmqEndpoints,
  rabbitmqProbes,
  storeEndpoints,
  storeProbes,
} from './endpoints.mjs';
import { waitUntilReady } from './probes.mjs';
import { startDeadlineMs } from './settings.mjs';

/**
 * @typedef {import('./endpoints.mjs').RabbitmqPorts} RabbitmqPorts
 * @typedef {import('./endpoints.mjs').MosquittoPorts} MosquittoPorts
 */

/**
 * @typedef {object} ComposedService
 * @property {'rabbitmq' | 'mosquitto' | 'versitygw'} service
 * @property {string} project
 * @property {Record<string, string>} env
 * @property {import('./probes.mjs').Probe[]} probes
 * @property {boolean} attached Whether it ends with this process, however this one ends.
 */

const composeFile = fileURLToPath(new URL('../../../compose.yaml', import.meta.url));
const engineAnswerMs = 5_000;

/**
 * Why `docker compose` can't be used here, or undefined when it can.
 *
 * @returns {Promise<string | undefined>}
 */
export async function dockerProblem() {
  if (!(await run('docker', ['info'], { timeoutMs: engineAnswerMs })).ok) return 'no Docker engine answers';
  if (!(await run('docker', ['compose', 'version'])).ok) return 'Docker has no compose plugin';
  return undefined;
}

/**
 * @param {(sentence: string) => void} onProgress
 * @throws Error that says in a sentence why the images can't be had.
 */
export async function dockerProvider(onProgress) {
  onProgress('Asking Docker for the images of RabbitMQ and mosquitto.');
  await pull('rabbitmq', 'mosquitto');
  return {
    offersTls: false,
    /**
     * @param {RabbitmqPorts} ports
     * @param {{ project: string, attached: boolean }} placement
     */
    rabbitmq(ports, { project, attached }) {
      const env = {
        INTERSECT_RABBITMQ_AMQP_PORT: String(ports.amqp),
        INTERSECT_RABBITMQ_MQTT_PORT: String(ports.mqtt),
        INTERSECT_RABBITMQ_WS_PORT: String(ports.webSocket),
        INTERSECT_RABBITMQ_MANAGEMENT_PORT: String(ports.management),
      };
      const probes = rabbitmqProbes(rabbitmqEndpoints(ports));
      return new ComposedProcess({
        service: 'rabbitmq',
        project: `${project}-rabbitmq`,
        env,
        probes,
        attached,
      });
    },

    /**
     * @param {MosquittoPorts} ports
     * @param {{ project: string, attached: boolean }} placement
     */
    mosquitto(ports, { project, attached }) {
      const env = {
        INTERSECT_MOSQUITTO_PORT: String(ports.mqtt),
        INTERSECT_MOSQUITTO_WS_PORT: String(ports.webSocket),
      };
      const probes = mosquittoProbes(mosquittoEndpoints(ports));
      return new ComposedProcess({
        service: 'mosquitto',
        project: `${project}-mosquitto`,
        env,
        probes,
        attached,
      });
    },
  };
}

/**
 * A store of data in a container, not started yet.
 *
 * @param {number} port
 * @param {{ project: string, attached: boolean }} placement
 * @param {(sentence: string) => void} onProgress
 * @throws Error that says in a sentence why the image can't be had.
 */
export async function dockerStore(port, { project, attached }, onProgress) {
  onProgress('Asking Docker for the image of versitygw.');
  await pull('versitygw');
  return new ComposedProcess({
    service: 'versitygw',
    project: `${project}-versitygw`,
    env: { INTERSECT_S3_PORT: String(port) },
    probes: storeProbes('s3', storeEndpoints(port)),
    attached,
  });
}

/** @param {...string} services */
async function pull(...services) {
  const args = ['compose', '-f', composeFile, 'pull', '--quiet', '--policy', 'missing', ...services];
  const pulled = await run('docker', args);
  if (!pulled.ok) throw new Error(`Docker can't get the image of ${services.join(' and ')}: ${pulled.tail}`);
}

/**
 * Removes a project's containers with their data.
 *
 * @param {string} project
 */
export async function removeProject(project) {
  const removed = await run('docker', removal(project));
  if (!removed.ok) throw new Error(`Docker can't remove the project ${project}: ${removed.tail}`);
}

/** @param {string} project */
function removal(project) {
  return ['compose', '-f', composeFile, '-p', project, 'down', '--volumes', '--timeout', '0'];
}

/** One broker in a container, that can be ended and started again with the same data. */
class ComposedProcess {
  #command;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #watchdog;
  /** @type {number | undefined} */
  #pid;

  /** @param {ComposedService} command */
  constructor(command) {
    this.#command = command;
  }

  /** The container's first process, where the engine runs on this machine. */
  get pid() {
    return this.#pid;
  }

  /** What the development set keeps, to end it later from another process. */
  get record() {
    return { provider: /** @type {const} */ ('docker'), project: this.#command.project };
  }

  /**
   * @returns {Promise<void>} when the broker answers.
   * @throws Error with the end of the container's log.
   */
  async start() {
    const { service, probes, attached } = this.#command;
    if (attached) this.#watchdog ??= this.#startWatchdog();
    await this.#compose('up', '--detach', service);
    try {
      await waitUntilReady(probes, { timeoutMs: startDeadlineMs });
    } catch (cause) {
      const log = await this.#compose('logs', '--no-color', '--tail', '30', service);
      await this.release();
      throw new Error(`${service} did not come up. The end of its log:\n${log}`, { cause });
    }
    const id = (await this.#compose('ps', '--quiet', service)).trim();
    const shown = await run('docker', ['inspect', '--format', '{{.State.Pid}}', id]);
    this.#pid = Number(shown.output) || undefined;
  }

  async kill() {
    await this.#compose('kill', this.#command.service);
    this.#pid = undefined;
  }

  async stop() {
    await this.#compose('stop', '--timeout', '20', this.#command.service);
    this.#pid = undefined;
  }

  /**
   * Runs a program in the broker's container, and resolves with what it wrote.
   *
   * @param {string[]} command
   */
  runBeside(command) {
    return this.#compose('exec', '-T', this.#command.service, ...command);
  }

  /** Ends it for good and removes its data. */
  async release() {
    this.#pid = undefined;
    if (this.#watchdog === undefined) return removeProject(this.#command.project);
    const watchdog = this.#watchdog;
    this.#watchdog = undefined;
    watchdog.ref();
    const ended = once(watchdog, 'exit');
    watchdog.stdin?.end();
    await ended;
  }

  /** A process that outlives this one just long enough to remove the containers. */
  #startWatchdog() {
    const script = 'cat >/dev/null; exec docker "$@"';
    const watchdog = spawn('sh', ['-c', script, 'sh', ...removal(this.#command.project)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    watchdog.unref();
    /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (watchdog.stdin)).unref();
    return watchdog;
  }

  /** @param {...string} args */
  async #compose(...args) {
    const { project, env, service } = this.#command;
    const all = ['compose', '-f', composeFile, '-p', project, ...args];
    const result = await run('docker', all, { env: { ...process.env, ...env } });
    if (!result.ok) throw new Error(`docker compose ${args[0]} ${service} failed: ${result.tail}`);
    return result.output;
  }
}
