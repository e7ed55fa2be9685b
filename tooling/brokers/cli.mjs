import {
  developmentEndpoints,
  developmentState,
  developmentStores,
  startDevelopmentSet,
  stopDevelopmentSet,
} from './lib/development-set.mjs';
import { buildStoreProgram, storePrograms } from './lib/store-programs.mjs';

const usage = `Usage: npm run brokers -- up|down|status|prepare [--minio]

  up      starts RabbitMQ, mosquitto and the data store versitygw on their standard ports, on this machine only, and leaves them running;
          with --minio also the data store MinIO, which is built from its source the first time, in minutes
  down    ends them and removes their data
  status  says whether they run, and where
  prepare builds versitygw, with --minio also MinIO, where it is not on this machine yet: tests never build it`;

const stores = /** @type {('s3' | 'minio')[]} */ (
  process.argv.includes('--minio') ? ['s3', 'minio'] : ['s3']
);
const tell = (/** @type {string} */ sentence) => console.error(sentence);

/** @type {Record<string, () => Promise<void>>} */
const commands = {
  async up() {
    const result = await startDevelopmentSet(tell, stores);
    console.log(result === 'started' ? 'The brokers are up.' : 'The brokers are already up.');
    printAddresses();
  },
  async down() {
    const result = await stopDevelopmentSet();
    console.log(result === 'stopped' ? 'The brokers are down.' : 'The brokers are already down.');
  },
  async status() {
    const state = await developmentState();
    if (state === 'up') {
      console.log('The brokers are up.');
      printAddresses();
      return;
    }
    console.log(
      state === 'down'
        ? 'The brokers are down.'
        : 'The brokers were started, but not all of them answer: run `up` again.',
    );
    process.exitCode = 1;
  },
  async prepare() {
    for (const kind of stores) console.log(await buildStoreProgram(storePrograms[kind], tell));
  },
};

function printAddresses() {
  const { rabbitmq, mosquitto } = developmentEndpoints;
  const titles = { s3: 'versitygw', minio: 'MinIO    ' };
  const started = developmentStores().map((kind) => ({ kind, ...developmentEndpoints[kind] }));
  const lines = started.map(({ kind, url }) => `  ${titles[kind]}  S3              ${url}`);
  const variables = started.map(({ kind, url }) => `\n  export INTERSECT_${kind.toUpperCase()}_URL=${url}`);
  console.log(`
  RabbitMQ   AMQP 0-9-1      ${rabbitmq.amqpUrl}
             MQTT 5          ${rabbitmq.mqttUrl}
             over WebSocket  ${rabbitmq.webSocketUrl}
             management      ${rabbitmq.managementUrl}
  mosquitto  MQTT 5          ${mosquitto.mqttUrl}
             over WebSocket  ${mosquitto.webSocketUrl}
${lines.join('\n')}
  user       ${rabbitmq.username}
  password   ${rabbitmq.password}

To run the tests against them:
  export INTERSECT_RABBITMQ_AMQP_URL=${rabbitmq.amqpUrl} INTERSECT_RABBITMQ_MQTT_URL=${rabbitmq.mqttUrl}
  export INTERSECT_MOSQUITTO_URL=${mosquitto.mqttUrl}${variables.join('')}`);
}

const [, , name = '', ...rest] = process.argv;
const command =
  Object.hasOwn(commands, name) && rest.every((each) => each === '--minio') ? commands[name] : undefined;
if (command === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
