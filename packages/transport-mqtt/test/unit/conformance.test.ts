import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { mqttHarness } from '../support/harness.js';

const PACKET_BYTES = 4 * 1024 * 1024;
const credentials = { username: 'intersect_username', password: 'intersect_password' };

for (const over of ['TCP', 'WebSocket'] as const) {
  let broker: DevBroker | undefined;
  const start = async () => {
    broker = await startDevBroker({ port: 0, webSocketPort: 0, limits: { packetBytes: PACKET_BYTES } });
    return broker;
  };
  const access = () => ({
    ...credentials,
    url: (over === 'TCP' ? broker?.url : broker?.webSocketUrl) ?? 'mqtt://127.0.0.1:1',
    maxPayloadBytes: PACKET_BYTES,
  });
  describeConformance(`MQTT over ${over} on the development broker`, () => mqttHarness(access, start));
}
