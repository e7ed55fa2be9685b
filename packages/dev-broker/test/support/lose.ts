import type { DevBroker } from '../../src/index.js';
import type { RawClient } from './raw-client.js';

/** Resolves when the broker has noticed that the client is gone. */
export function disconnection(broker: DevBroker, clientId: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = broker.onTraffic((event) => {
      if (event.type !== 'disconnected' || event.clientId !== clientId) return;
      stop();
      resolve();
    });
  });
}

/** Cuts the client's connection, and waits until the broker has noticed. */
export async function lose(broker: DevBroker, client: RawClient, clientId: string): Promise<void> {
  const gone = disconnection(broker, clientId);
  await client.cut();
  await gone;
}
