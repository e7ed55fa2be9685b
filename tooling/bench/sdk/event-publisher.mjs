// A service of the SDK that emits events as fast as the broker confirms them.
import { IntersectService } from '@intersect-sdk/service';
import { settings, takeCommands } from '../lib/commands.mjs';
import { publishFor } from '../lib/publish-for.mjs';
import { benchCapability } from './bench-capability.mjs';
import { transportOf } from './transport.mjs';

const { hierarchy, keepRequestsMs, ...where } = settings();
const bench = benchCapability();
const service = new IntersectService([bench], {
  hierarchy,
  keepRequestsMs,
  brokers: [await transportOf(where)],
});
await service.startup();

await takeCommands(
  { publish: (load) => publishFor(() => bench.emit('tick', 'hello'), load) },
  { end: () => service.shutdown() },
);
