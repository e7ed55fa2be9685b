// So many services in one process, each with its own connection as if it had its own process.
import { IntersectService } from '@intersect-sdk/service';
import { settings, takeCommands } from '../lib/commands.mjs';
import { benchCapability } from './bench-capability.mjs';
import { transportOf } from './transport.mjs';

const AT_ONCE = 20;
const { hierarchies, keepRequestsMs, ...where } = settings();
/** @type {IntersectService[]} */
const services = [];
for (const hierarchy of hierarchies) {
  services.push(
    new IntersectService([benchCapability()], {
      hierarchy,
      keepRequestsMs,
      brokers: [await transportOf(where)],
    }),
  );
}

/** @param {(service: IntersectService) => Promise<unknown>} act */
async function forEach(act) {
  const rest = services.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const service of rest) await act(service);
    }),
  );
}

await forEach((service) => service.startup());
await takeCommands({}, { end: () => forEach((service) => service.shutdown()) });
