import type { Finding } from './finding.js';
import type { ManagementFacts, Queue } from './management.js';
import { shellWord } from './shell-word.js';

/** What is right for RabbitMQ's own 30 minutes. */
const USUAL_CONSUMER_MS = 1_800_000;
/** The header `Date` has no fractions of a second, and the answer was on its way. */
const CLOCK_MS = 5_000;
const OLDEST_WITH_MQTT_5 = [3, 13] as const;
/** How many queues are told by name. */
const MOST_NAMED = 20;

/** What of RabbitMQ's own word troubles INTERSECT programs. */
export function judgeManagement(facts: ManagementFacts, vhost: string): Finding[] {
  return [
    versionOf(facts),
    clocks(facts),
    queueType(facts, vhost),
    consumerTimeout(facts, vhost),
    ...queuesWithoutConsumer(facts, vhost),
  ];
}

function versionOf({ version }: ManagementFacts): Finding {
  const check = 'versions';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldMajor, oldMinor] = OLDEST_WITH_MQTT_5;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) {
    return { check, level: 'ok', text: `RabbitMQ ${version}.` };
  }
  const text = `RabbitMQ ${version} speaks no MQTT 5: only AMQP programs can use it.`;
  return {
    check,
    level: 'warning',
    text,
    mend: 'docker pull rabbitmq:4-management    # or: apt-get install rabbitmq-server',
  };
}

function clocks({ clockAheadMs }: ManagementFacts): Finding {
  const check = 'clocks';
  if (clockAheadMs === undefined)
    return { check, level: 'note', text: 'The broker does not say what time it is.' };
  if (Math.abs(clockAheadMs) <= CLOCK_MS)
    return { check, level: 'ok', text: 'The clocks of broker and this machine agree.' };
  const seconds = Math.round(Math.abs(clockAheadMs) / 1_000);
  const text = `This machine's clock is ${seconds} s ${clockAheadMs > 0 ? 'behind' : 'ahead of'} the broker's: the times in messages mislead whoever compares them.`;
  return { check, level: 'warning', text, mend: 'timedatectl set-ntp true' };
}

function queueType({ defaultQueueType = 'classic' }: ManagementFacts, vhost: string): Finding {
  const check = 'default-queue-type';
  if (defaultQueueType === 'classic' || defaultQueueType === 'undefined') {
    return { check, level: 'ok', text: 'New queues are classic ones, as INTERSECT programs expect.' };
  }
  const text = `New queues are of the type ${defaultQueueType}: a request that was delivered too often is dropped, and queues that exist with another type are refused.`;
  return {
    check,
    level: 'warning',
    text,
    mend: `rabbitmqctl update_vhost_metadata ${shellWord(vhost)} --default-queue-type classic`,
  };
}

function consumerTimeout({ policies }: ManagementFacts, vhost: string): Finding {
  const check = 'consumer-timeout';
  const short = policies.find(({ definition }) => Number(definition['consumer-timeout']) < USUAL_CONSUMER_MS);
  if (!short) {
    const text =
      'No policy shortens consumer_timeout: a handler has 30 minutes unless rabbitmq.conf says otherwise, which only `rabbitmqctl environment` tells.';
    return { check, level: 'ok', text };
  }
  const text = `The policy ${short.name} gives a handler ${short.definition['consumer-timeout']} ms: a longer one has its request taken away and delivered again.`;
  return {
    check,
    level: 'warning',
    text,
    mend: `rabbitmqctl clear_policy -p ${shellWord(vhost)} ${shellWord(short.name)}`,
  };
}

function queuesWithoutConsumer({ queues, bindings }: ManagementFacts, vhost: string): Finding[] {
  const check = 'queues-without-consumer';
  const keys = new Map(bindings.map((binding) => [binding.destination, binding.routing_key]));
  const isOurs = ({ name }: Queue) => keys.has(name) || name.startsWith('mqtt-subscription-');
  const idle = queues.filter((queue) => queue.durable && (queue.consumers ?? 0) === 0 && isOurs(queue));
  if (idle.length === 0)
    return [{ check, level: 'ok', text: 'Every queue and session has somebody who reads it.' }];
  return idle.slice(0, MOST_NAMED).map((queue) => {
    const { name, messages = 0 } = queue;
    const what = keys.has(name) ? `The queue of ${keys.get(name)}` : `The session queue ${name}`;
    return {
      check,
      level: messages > 0 ? 'warning' : 'note',
      text: `${what} has nobody who reads it, and ${messages} messages wait there. If its program is gone for good:`,
      mend: `rabbitmqctl delete_queue -p ${shellWord(vhost)} ${shellWord(name)}`,
    };
  });
}
