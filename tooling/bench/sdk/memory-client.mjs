// What a request that waits for its answer costs the client that asked.
import { IntersectClient } from '@intersect-sdk/client';
import { bytesInUse } from '../lib/bytes-per-request.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const BATCH = 500;
const { service, ...where } = settings();
const client = new IntersectClient({ brokers: [await transportOf(where)] });
await client.startup();

/**
 * Resolves when the broker has them; they are not answered.
 *
 * @param {number} count
 * @param {AbortSignal} signal
 */
async function send(count, signal) {
  for (let sent = 0; sent < count; sent += BATCH) {
    const accepted = Array.from({ length: BATCH }, () => {
      const request = { destination: service, operation: 'Bench.hold', payload: 'hello' };
      return new Promise((resolve) => {
        client.request(request, { signal, onAccepted: () => resolve(undefined) }).catch(() => {});
      });
    });
    await Promise.all(accepted);
  }
}

await takeCommands(
  {
    /** @param {{ requests: number }} options */
    async bytesPerRequest({ requests }) {
      const over = new AbortController();
      // All code has run once, and all tables have grown.
      const warmUp = new AbortController();
      await send(BATCH, warmUp.signal);
      warmUp.abort();
      const before = await bytesInUse();
      await send(requests, over.signal);
      const perRequest = ((await bytesInUse()) - before) / requests;
      over.abort();
      return perRequest;
    },
  },
  { end: () => client.shutdown() },
);
