import { expect, test } from 'vitest';
import { mqttTransport } from '../../src/index.js';
import { FakeBroker } from '../support/fake-broker.js';

test('credentials that fail once while it connects again are asked for again', async () => {
  await using broker = await FakeBroker.start();
  let asked = 0;
  await using transport = mqttTransport({
    port: broker.port,
    reconnectMinDelayMs: 1,
    reconnectMaxDelayMs: 1,
    credentials: async () => {
      asked += 1;
      if (asked === 2) throw new Error('the token service is restarting');
      return { username: 'reader', password: 'of tests' };
    },
  });
  await transport.connect();
  const states: string[] = [];
  const settled = new Promise<void>((resolve) => {
    transport.onEvent((event) => {
      if (event.kind !== 'state') return;
      const { state } = event;
      states.push(state.kind === 'closed' ? `closed: ${state.error?.code}` : state.kind);
      if (state.kind === 'closed' || state.kind === 'open') resolve();
    });
  });
  broker.peer().socket.resetAndDestroy();
  await settled;
  expect(states).toEqual(['reconnecting', 'open']);
});
