import { chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianRoot, debianRootProblem } from './debian-root.mjs';
import { mosquittoEndpoints, mosquittoProbes, rabbitmqEndpoints, rabbitmqProbes } from './endpoints.mjs';
import { JailedProcess } from './jailed-process.mjs';
import { portProbe } from './probes.mjs';
import { host, nodeName } from './settings.mjs';

/**
 * @typedef {import('./endpoints.mjs').RabbitmqPorts} RabbitmqPorts
 * @typedef {import('./endpoints.mjs').MosquittoPorts} MosquittoPorts
 */

/**
 * @typedef {object} Placement
 * @property {string} folder An empty place for the broker's data and log.
 * @property {boolean} attached Whether it ends with this process.
 */

const config = fileURLToPath(new URL('../config/', import.meta.url));
// Two machines' worth of spinning schedulers would slow the tests down more than they gain.
const quietSchedulers = '+sbwt none +sbwtdcpu none +sbwtdio none';

export { debianRootProblem };

/** @param {(sentence: string) => void} onProgress */
export async function debianProvider(onProgress) {
  const root = await debianRoot(onProgress);
  return {
    offersTls: true,
    /**
     * @param {RabbitmqPorts & { amqps?: number, mqtts?: number, distribution: number, epmd: number }} ports
     * @param {Placement & { tls?: import('../brokers.mjs').RabbitmqTls | undefined, cookie?: string, settings?: readonly string[] }} placement
     */
    rabbitmq(ports, { folder, attached, tls, cookie, settings = [] }) {
      const user = userOf(root, 'rabbitmq');
      const data = makeDataFolder(folder, user);
      writeFileSync(
        join(data, 'rabbitmq.conf'),
        [
          readConfig('rabbitmq.conf'),
          ...rabbitmqListeners(ports),
          ...(tls ? tlsListeners(ports) : []),
          ...settings,
        ].join('\n'),
      );
      // The secret that the nodes of a cluster have in common; each one alone makes its own.
      if (cookie !== undefined) {
        const file = join(data, '.erlang.cookie');
        writeFileSync(file, cookie, { mode: 0o400 });
        chownSync(file, user.uid, user.gid);
      }
      for (const [name, pem] of Object.entries(tls ?? {})) {
        const file = join(data, `${name}.pem`);
        writeFileSync(file, pem, { mode: 0o600 });
        chownSync(file, user.uid, user.gid);
      }
      for (const file of ['enabled_plugins', 'definitions.json']) {
        copyFileSync(join(config, file), join(data, file));
      }
      return new JailedProcess({
        what: 'RabbitMQ',
        root,
        data,
        user: user.name,
        command: ['/usr/lib/rabbitmq/bin/rabbitmq-server'],
        env: {
          ERL_EPMD_ADDRESS: host,
          ERL_EPMD_PORT: String(ports.epmd),
          RABBITMQ_NODENAME: nodeName(ports.amqp),
          RABBITMQ_DIST_PORT: String(ports.distribution),
          RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} ${quietSchedulers}`,
          RABBITMQ_CONFIG_FILE: '/srv/rabbitmq.conf',
          RABBITMQ_ENABLED_PLUGINS_FILE: '/srv/enabled_plugins',
          RABBITMQ_CONF_ENV_FILE: '/srv/no-such-file',
          RABBITMQ_MNESIA_BASE: '/srv/data',
          RABBITMQ_LOGS: '-',
        },
        program: 'beam.smp',
        probes: rabbitmqProbes(rabbitmqEndpoints(ports)),
        attached,
      });
    },

    /**
     * Knows the ports of all nodes of a cluster. Each node would start it, and take it along when it is killed.
     *
     * @param {number} port
     * @param {Placement} placement
     */
    epmd(port, { folder, attached }) {
      const user = userOf(root, 'rabbitmq');
      return new JailedProcess({
        what: "Erlang's port mapper",
        root,
        data: makeDataFolder(folder, user),
        user: user.name,
        command: ['/usr/bin/epmd', '-address', host, '-port', String(port)],
        env: {},
        program: 'epmd',
        probes: [portProbe(port)],
        attached,
      });
    },

    /**
     * @param {MosquittoPorts} ports
     * @param {Placement} placement
     */
    mosquitto(ports, { folder, attached }) {
      const user = userOf(root, 'mosquitto');
      const data = makeDataFolder(folder, user);
      writeFileSync(
        join(data, 'mosquitto.conf'),
        `${readConfig('mosquitto.conf')}\n${mosquittoListeners(ports)}\n`,
      );
      const passwords = join(data, 'mosquitto.passwd');
      writeFileSync(passwords, readConfig('mosquitto.passwd'), { mode: 0o600 });
      chownSync(passwords, user.uid, user.gid);
      return new JailedProcess({
        what: 'mosquitto',
        root,
        data,
        user: user.name,
        command: ['/usr/sbin/mosquitto', '-c', '/srv/mosquitto.conf'],
        env: {},
        program: 'mosquitto',
        probes: mosquittoProbes(mosquittoEndpoints(ports)),
        attached,
      });
    },
  };
}

/** @param {RabbitmqPorts} ports */
function rabbitmqListeners(ports) {
  return [
    `listeners.tcp.default = ${host}:${ports.amqp}`,
    `mqtt.listeners.tcp.default = ${host}:${ports.mqtt}`,
    `web_mqtt.tcp.ip = ${host}`,
    `web_mqtt.tcp.port = ${ports.webSocket}`,
    `management.tcp.ip = ${host}`,
    `management.tcp.port = ${ports.management}`,
  ];
}

/** @param {{ amqps?: number, mqtts?: number }} ports */
function tlsListeners({ amqps, mqtts }) {
  return [
    `listeners.ssl.default = ${host}:${amqps}`,
    `mqtt.listeners.ssl.default = ${host}:${mqtts}`,
    'ssl_options.cacertfile = /srv/ca.pem',
    'ssl_options.certfile = /srv/cert.pem',
    'ssl_options.keyfile = /srv/key.pem',
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = true',
    '',
  ];
}

/** @param {MosquittoPorts} ports */
function mosquittoListeners(ports) {
  return [
    'password_file /srv/mosquitto.passwd',
    'persistence_location /srv/',
    `listener ${ports.mqtt} ${host}`,
    `listener ${ports.webSocket} ${host}`,
    'protocol websockets',
  ].join('\n');
}

/**
 * The numbers of a user inside the Debian root; the host's own users may have them too, or not.
 *
 * @param {string} root
 * @param {string} name
 */
function userOf(root, name) {
  const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8');
  const [, , uid, gid] =
    passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error(`${root} has no user ${name}: remove the folder.`);
  return { name, uid: Number(uid), gid: Number(gid) };
}

/**
 * @param {string} folder
 * @param {{ uid: number, gid: number }} user
 */
function makeDataFolder(folder, { uid, gid }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, uid, gid);
  return folder;
}

/** @param {string} file */
function readConfig(file) {
  return readFileSync(join(config, file), 'utf8');
}
