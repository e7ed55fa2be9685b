import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { BrokerConfig } from '@intersect-sdk/transport/endpoint';
import { afterAll, describe } from 'vitest';

/** A broker, as a program is told of it and as a person writes it. */
export interface BrokerPlace {
  readonly config: BrokerConfig;
  readonly url: string;
}

function placeOf(brokerUrl: string, username: string, password: string): BrokerPlace {
  const { protocol, hostname: host, port, host: hostAndPort } = new URL(brokerUrl);
  return {
    config: {
      protocol: protocol === 'amqp:' ? 'amqp0.9.1' : 'mqtt5.0',
      host,
      port: Number(port),
      username,
      password,
    },
    url: `${protocol}//${username}:${password}@${hostAndPort}`,
  };
}

/** Describes the same on the embedded broker, and on RabbitMQ by both protocols. */
export function describeEachBroker(
  describeOne: (title: string, place: () => Promise<BrokerPlace>) => void,
): void {
  describe('on the embedded broker', () => {
    let broker: DevBroker | undefined;
    afterAll(async () => {
      await broker?.stop();
    });
    describeOne('mqtt embedded', async () => {
      broker ??= await startDevBroker({ port: 0 });
      return placeOf(broker.url, 'intersect_username', 'intersect_password');
    });
  });
  describeWithBroker('rabbitmq', ({ mqttUrl, amqpUrl, username, password }) => {
    describeOne('mqtt rabbit', () => Promise.resolve(placeOf(mqttUrl, username, password)));
    describeOne('amqp rabbit', () => Promise.resolve(placeOf(amqpUrl, username, password)));
  });
}
