import { TlsPeer, tlsCauses } from '@intersect-sdk/test-brokers/tls-peer';
import { describe, expect, test } from 'vitest';
import { mqttTransport } from '../../src/index.js';

const causes = await tlsCauses();

describe.each(['mqtts', 'wss'] as const)('%s', (protocol) => {
  test.each(causes)('TLS with $cause is refused with a sentence of its own', async (one) => {
    await using peer = await TlsPeer.start(one.server);
    await using transport = mqttTransport({ protocol, port: peer.port, tls: one.client });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'TLS_REFUSED',
      retryable: false,
      message: expect.stringContaining(one.says),
    });
  });
});
