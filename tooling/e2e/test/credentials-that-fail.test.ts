// A function for credentials may fail for a while, as when a token service restarts; over either protocol that passes.
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';

describeWithBroker('rabbitmq', ({ amqpUrl, mqttUrl, username, password }) => {
  test.each([
    ['AMQP', amqpUrl, amqpTransport],
    ['MQTT', mqttUrl, mqttTransport],
  ])('%s: credentials that fail once while it reconnects lead back to open', async (_, url, make) => {
    await using proxy = await FaultProxy.to(url);
    let failing = false;
    let failed = 0;
    const credentials = () => {
      if (!failing) return { username, password };
      failing = false;
      failed++;
      throw new Error('the token service is restarting');
    };
    await using transport = make({ host: '127.0.0.1', port: proxy.port, credentials });
    await transport.connect();
    const states: string[] = [];
    const backOrClosed = new Promise<void>((resolve) => {
      transport.onEvent((event) => {
        if (event.kind !== 'state') return;
        states.push(event.state.kind);
        if (event.state.kind !== 'reconnecting') resolve();
      });
    });
    failing = true;
    proxy.cut();
    await backOrClosed;
    expect(states).toEqual(['reconnecting', 'open']);
    expect(failed).toBe(1);
  });
});
