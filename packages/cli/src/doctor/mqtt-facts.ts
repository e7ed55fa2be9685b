import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
import mqtt from 'mqtt';
import type { Finding } from './finding.js';

/** What an MQTT broker says of itself when it accepts a connection. */
export interface MqttFacts {
  readonly maximumQos: number;
  /** In bytes; undefined: no limit but the protocol's. */
  readonly maximumPacketBytes: number | undefined;
  readonly hasSharedSubscriptions: boolean;
}

const CONNECT_MS = 10_000;
/** What RabbitMQ takes by AMQP, and what everything is set up for. */
const USUAL_BYTES = 16 * 1024 * 1024;

/** Connects once more, since a transport does not pass on what the broker said. */
export async function mqttFacts(broker: ResolvedBrokerConfig): Promise<MqttFacts> {
  const { host, port, username, password, tls, webSocketPath } = broker;
  const secured = tls !== false;
  const protocol = webSocketPath === undefined ? (secured ? 'mqtts' : 'mqtt') : secured ? 'wss' : 'ws';
  const client = mqtt.connect({
    protocol,
    host,
    port,
    username,
    password,
    path: webSocketPath,
    protocolVersion: 5,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    ...(typeof tls === 'object' && { ...tls, servername: tls.serverName }),
  } as mqtt.IClientOptions);
  try {
    const { properties = {} } = await new Promise<mqtt.IConnackPacket>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('error', reject);
      client.once('close', () => reject(new Error('The broker ended the connection.')));
    });
    return {
      maximumQos: properties.maximumQoS ?? 2,
      maximumPacketBytes: properties.maximumPacketSize,
      hasSharedSubscriptions: properties.sharedSubscriptionAvailable !== false,
    };
  } finally {
    client.end(true);
  }
}

/** What of that troubles INTERSECT programs. */
export function judgeMqttFacts({
  maximumQos,
  maximumPacketBytes,
  hasSharedSubscriptions,
}: MqttFacts): Finding[] {
  return [
    { check: 'mqtt-5', level: 'ok', text: 'It speaks MQTT 5.' },
    maximumQos >= 1
      ? { check: 'highest-qos', level: 'ok', text: `The highest QoS is ${maximumQos}.` }
      : {
          check: 'highest-qos',
          level: 'problem',
          text: 'The highest QoS is 0: whatever is on its way when a connection is lost is lost too.',
          mend: "sed -i 's/^max_qos .*/max_qos 2/' /etc/mosquitto/mosquitto.conf && systemctl restart mosquitto",
        },
    maximumPacketBytes === undefined || maximumPacketBytes >= USUAL_BYTES
      ? {
          check: 'largest-message',
          level: 'ok',
          text: `The largest message has ${maximumPacketBytes ?? 'some 256 million'} bytes.`,
        }
      : {
          check: 'largest-message',
          level: 'warning',
          text: `The largest message has ${maximumPacketBytes} bytes; services may send up to ${USUAL_BYTES}.`,
          mend: `echo 'mqtt.max_packet_size_authenticated = ${USUAL_BYTES}' >> /etc/rabbitmq/rabbitmq.conf    # mosquitto: max_packet_size; or send large data through a data store`,
        },
    hasSharedSubscriptions
      ? { check: 'shared-subscriptions', level: 'ok', text: 'Several programs can share one subscription.' }
      : {
          check: 'shared-subscriptions',
          level: 'note',
          text: 'Programs cannot share a subscription over MQTT: several processes of one service get each request several times. Run one, or use AMQP.',
          mend: 'intersect doctor --broker amqp://HOST',
        },
  ];
}
