import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { mqttHarness, NO_ACK_DEADLINE } from '../support/harness.js';

const PACKET_BYTES = 4 * 1024 * 1024;
const credentials = { username: 'intersect_username', password: 'intersect_password' };

const wirings = [
  { over: 'TCP', ownPackets: true },
  { over: 'WebSocket', ownPackets: true },
  { over: 'TCP', ownPackets: false },
] as const;

for (const { over, ownPackets } of wirings) {
  let broker: DevBroker | undefined;
  const held = new Set<string>();
  const start = async () => {
    broker = await startDevBroker({ port: 0, webSocketPort: 0, limits: { packetBytes: PACKET_BYTES } });
    broker.onTraffic((event) => {
      if (event.type === 'subscribed') held.add(`${event.clientId} ${event.filter}`);
      if (event.type === 'unsubscribed') held.delete(`${event.clientId} ${event.filter}`);
    });
    return broker;
  };
  const access = () => ({
    ...credentials,
    url: (over === 'TCP' ? broker?.url : broker?.webSocketUrl) ?? 'mqtt://127.0.0.1:1',
    maxPayloadBytes: PACKET_BYTES,
    shares: true,
    inventory: () => [...held],
    options: { ownPackets },
  });
  const reader = ownPackets ? '' : ', read by mqtt.js alone';
  describeConformance(
    `MQTT over ${over} on the development broker${reader}`,
    () => mqttHarness(access, start),
    {
      notPromised: NO_ACK_DEADLINE,
    },
  );
}
