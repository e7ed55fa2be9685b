import { TlsPeer, tlsCauses } from '@intersect-sdk/test-brokers/tls-peer';
import { expect, test } from 'vitest';
import { amqpTransport } from '../../src/index.js';

test.each(await tlsCauses())('TLS with $cause is refused with a sentence of its own', async (one) => {
  await using peer = await TlsPeer.start(one.server);
  await using transport = amqpTransport({
    username: 'u',
    password: 'p',
    port: peer.port,
    tls: one.client,
  });
  await expect(transport.connect()).rejects.toMatchObject({
    code: 'TLS_REFUSED',
    retryable: false,
    message: expect.stringContaining(one.says),
  });
});
