import type { LoadedClientConfig } from '@intersect-sdk/config';
import type { Transport } from '@intersect-sdk/transport';
import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
import { managementExample, managementOf } from '../connect/management.js';
import type { Finding } from './finding.js';
import { judgeManagement } from './judge-management.js';
import { managementFacts } from './management.js';
import { meeting } from './meeting.js';
import { judgeMqttFacts, mqttFacts } from './mqtt-facts.js';
import { prefetch } from './prefetch.js';
import { reach, rights } from './reach.js';
import { shellWord } from './shell-word.js';
import { stores } from './stores.js';

export interface ExamineOptions {
  readonly signal: AbortSignal;
  /** Of RabbitMQ's management interface. Undefined: its usual port, where the broker is on this machine. */
  readonly managementUrl: string | undefined;
}

const NOT_LOOKED_AT = 'versions, clocks, queue types and queues without a consumer were not looked at';

interface Visit {
  readonly broker: ResolvedBrokerConfig;
  readonly transport: Transport;
}

/** Looks at everything that commonly goes wrong; gives what it found as it finds it. Leaves nothing behind at the brokers. */
export async function* examine(
  config: LoadedClientConfig,
  { signal, managementUrl }: ExamineOptions,
): AsyncGenerator<Finding> {
  // A URL that can't be used is said before anything is connected.
  for (const broker of config.brokers) managementOf(broker, managementUrl);
  const visits: Visit[] = [];
  try {
    for (const broker of config.brokers) {
      const at = nameOf(broker);
      const { transport, finding } = await reach(broker, signal);
      yield { ...finding, at };
      if (!transport) continue;
      visits.push({ broker, transport });
      for await (const found of examineBroker({ broker, transport }, signal)) yield { ...found, at };
    }
    const [mqtt, amqp] = (['mqtt5.0', 'amqp0.9.1'] as const).map((protocol) =>
      visits.find(({ broker }) => broker.protocol === protocol),
    );
    if (mqtt && amqp) yield meeting(mqtt.transport, amqp.transport, signal);
    const [first] = visits;
    if (first) yield* examineManagement(first.broker, { signal, managementUrl });
    yield* await stores(config, signal);
  } finally {
    await Promise.all(visits.map(({ transport }) => transport.close()));
  }
}

async function* examineBroker({ broker, transport }: Visit, signal: AbortSignal): AsyncGenerator<Finding> {
  const allowed = await rights(transport, broker, signal);
  yield allowed;
  if (broker.protocol === 'amqp0.9.1') {
    const bytes = transport.capabilities.maxPayloadBytes;
    const text =
      bytes === undefined
        ? 'The broker does not tell its largest message by AMQP; RabbitMQ takes 16 MiB unless it is told otherwise.'
        : `The largest message has ${bytes} bytes.`;
    yield { check: 'largest-message', level: 'ok', text };
    return;
  }
  if (broker.proxy === undefined) yield* judgeMqttFacts(await mqttFacts(broker));
  if (allowed.level === 'ok') yield await prefetch(transport, signal);
}

async function* examineManagement(
  broker: ResolvedBrokerConfig,
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const address = managementOf(broker, options.managementUrl);
  if (!address) {
    yield {
      check: 'management',
      level: 'note',
      text: `RabbitMQ's management interface was not asked, since the broker is not at a usual port of this machine and nobody said where to send its password, so ${NOT_LOOKED_AT}.`,
      mend: `intersect doctor ${managementExample(broker.host)}`,
    };
    return;
  }
  const { url, vhost } = address;
  const facts = await managementFacts(address, options.signal);
  if (facts) {
    for (const finding of judgeManagement(facts, vhost)) yield { ...finding, at: url };
    return;
  }
  yield {
    check: 'management',
    level: 'note',
    text: `RabbitMQ's management interface is not there or may not be read, so ${NOT_LOOKED_AT}.`,
    mend: `rabbitmq-plugins enable rabbitmq_management && rabbitmqctl set_user_tags ${shellWord(broker.username)} monitoring`,
    at: url,
  };
}

function nameOf({ protocol, host, port }: ResolvedBrokerConfig): string {
  return `${protocol === 'mqtt5.0' ? 'MQTT' : 'AMQP'} at ${host}:${port}`;
}
