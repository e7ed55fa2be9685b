import { KEEP_REQUESTS_MS } from '../lib/contenders.mjs';
import { figureOf, protocolsOf } from '../lib/figure.mjs';
import { addressOf, hierarchyOf } from '../lib/names.mjs';
import { using, Worker } from '../lib/worker.mjs';

/** So many that what a process has anyway does not count. */
const REQUESTS = { full: 10_000, quick: 2_000 };
const LIMIT_BYTES = 4096;
const flags = ['--expose-gc'];
const clientProgram = new URL('../sdk/memory-client.mjs', import.meta.url);
const serviceProgram = new URL('../sdk/memory-service.mjs', import.meta.url);

/**
 * What one of 10,000 requests in flight takes in memory, at the client that waits for its answer and at the service that
 * works on it.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* memory({ plan, where }) {
  for (const protocol of protocolsOf(plan)) {
    /** @type {Record<'client' | 'service', number[]>} */
    const bytes = { client: [], service: [] };
    for (let run = 0; run < (plan.quick ? 1 : plan.runs); run++) {
      const { client, service } = await bytesPerRequest(
        where[protocol],
        plan.quick ? REQUESTS.quick : REQUESTS.full,
      );
      bytes.client.push(client);
      bytes.service.push(service);
    }
    for (const side of /** @type {const} */ (['client', 'service'])) {
      // RabbitMQ hands an MQTT session only some requests at a time, so there are never so many at the service.
      if (protocol === 'mqtt' && side === 'service') continue;
      yield figureOf(
        {
          name: `${protocol}-bytes-in-flight-${side}`,
          versus: 'the limit',
          goal: 1,
          unit: 'bytes/request',
          better: 'smaller',
        },
        bytes[side],
        LIMIT_BYTES,
      );
    }
  }
}

/**
 * @param {import('../lib/contenders.mjs').Where} where
 * @param {number} requests
 */
async function bytesPerRequest(where, requests) {
  const who = `held-${where.protocol}`;
  const service = addressOf(who);
  const settings = {
    ...where,
    service,
    hierarchy: hierarchyOf(service),
    keepRequestsMs: KEEP_REQUESTS_MS,
    // The requests of the warm-up are held as well.
    atOnce: requests * 2,
  };
  return using(await Worker.start(serviceProgram, { flags, settings }), async (serving) =>
    using(await Worker.start(clientProgram, { flags, settings }), async (client) => {
      const atClient = await client.ask('bytesPerRequest', { requests });
      if (where.protocol === 'mqtt') return { client: atClient, service: Number.NaN };
      const atService = await serving.ask('bytesPerRequest', { requests });
      await serving.ask('release');
      return { client: atClient, service: atService };
    }),
  );
}
