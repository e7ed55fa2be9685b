import {
  developmentEndpoints,
  developmentState,
  startDevelopmentSet,
  stopDevelopmentSet,
} from './lib/development-set.mjs';

const usage = `Usage: npm run brokers -- up|down|status

  up      starts RabbitMQ and mosquitto on their standard ports, on this machine only, and leaves them running
  down    ends them and removes their data
  status  says whether they run, and where`;

/** @type {Record<string, () => Promise<void>>} */
const commands = {
  async up() {
    const result = await startDevelopmentSet((sentence) => console.error(sentence));
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
};

function printAddresses() {
  const { rabbitmq, mosquitto } = developmentEndpoints;
  console.log(`
  RabbitMQ   AMQP 0-9-1      ${rabbitmq.amqpUrl}
             MQTT 5          ${rabbitmq.mqttUrl}
             over WebSocket  ${rabbitmq.webSocketUrl}
             management      ${rabbitmq.managementUrl}
  mosquitto  MQTT 5          ${mosquitto.mqttUrl}
             over WebSocket  ${mosquitto.webSocketUrl}
  user       ${rabbitmq.username}
  password   ${rabbitmq.password}

To run the tests against them:
  export INTERSECT_RABBITMQ_AMQP_URL=${rabbitmq.amqpUrl} INTERSECT_RABBITMQ_MQTT_URL=${rabbitmq.mqttUrl}
  export INTERSECT_MOSQUITTO_URL=${mosquitto.mqttUrl}`);
}

const [, , name = '', ...rest] = process.argv;
const command = Object.hasOwn(commands, name) && rest.length === 0 ? commands[name] : undefined;
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
