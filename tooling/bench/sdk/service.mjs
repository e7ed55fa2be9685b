// The SDK's service.
import { IntersectService } from '@intersect-sdk/service';
import { settings, takeCommands } from '../lib/commands.mjs';
import { benchCapability } from './bench-capability.mjs';
import { transportOf } from './transport.mjs';

const { hierarchy, keepRequestsMs, ...where } = settings();
const service = new IntersectService([benchCapability()], {
  hierarchy,
  keepRequestsMs,
  brokers: [await transportOf(where)],
});
await service.startup();

await takeCommands({}, { end: () => service.shutdown() });
