import type { SupervisorOptions, Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver, memoryTransport } from '@intersect-sdk/transport/memory';
import type { ConformanceHarness } from '../../src/index.js';

const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;
const PASSWORD = 'right';

/** Everything that the kit can ask for, over a broker in this process. */
export function memoryHarness(): ConformanceHarness {
  const broker = new MemoryBroker({ maxPayloadBytes: MAX_PAYLOAD_BYTES, password: PASSWORD });
  const create = (options: SupervisorOptions = {}): Transport =>
    memoryTransport(broker, { ...options, password: PASSWORD });
  const publisher = create();
  return {
    capabilities: memoryDriver(broker).capabilities,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    create,
    sever: ({ name }) => broker.sever(name),
    refuse: (on) => broker.refuse(on),
    createRejected: () => memoryTransport(broker, { password: 'wrong' }),
    async publishForeign(message) {
      await publisher.connect();
      await publisher.publish(message);
    },
    stop: () => publisher.close(),
  };
}
