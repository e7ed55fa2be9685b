// The SDK's service; or many of them, each with its own connection or all on one.
import { IntersectService } from '@intersect-sdk/service';
import { shareTransport } from '@intersect-sdk/transport';
import { settings, takeCommands } from '../lib/commands.mjs';
import { eachAtOnce } from '../lib/each-at-once.mjs';
import { hierarchyOf } from '../lib/names.mjs';
import { benchCapability } from './bench-capability.mjs';
import { transportOf } from './transport.mjs';

const { services, concurrency, oneConnection, keepRequestsMs, ...where } = settings();
const shared = oneConnection ? shareTransport(await transportOf(where)) : undefined;

/** @param {string} address */
async function serve(address) {
  const brokers = [shared ?? (await transportOf(where))];
  const service = new IntersectService([benchCapability({ concurrency })], {
    hierarchy: hierarchyOf(address),
    keepRequestsMs,
    brokers,
  });
  return service.startup();
}

const running = await eachAtOnce(services, serve);
await takeCommands({}, { end: () => eachAtOnce(running, (service) => service.shutdown()) });
