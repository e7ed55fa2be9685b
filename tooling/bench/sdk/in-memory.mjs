// The SDK alone: client and service in one process, over the in-memory transport.
import { IntersectClient } from '@intersect-sdk/client';
import { IntersectService } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { closedLoop } from '../lib/closed-loop.mjs';
import { takeCommands } from '../lib/commands.mjs';
import { addressOf, hierarchyOf } from '../lib/names.mjs';
import { benchCapability } from './bench-capability.mjs';

const address = addressOf('in-memory');
const broker = new MemoryBroker();
const service = new IntersectService([benchCapability()], {
  hierarchy: hierarchyOf(address),
  brokers: [memoryTransport(broker)],
});
await service.startup();
const client = new IntersectClient({ brokers: [memoryTransport(broker)] });
await client.startup();

/** @param {string} payload */
const ask = (payload) => client.request({ destination: address, operation: 'Bench.echo', payload });

await takeCommands({ measure: (load) => closedLoop(ask, load) });
