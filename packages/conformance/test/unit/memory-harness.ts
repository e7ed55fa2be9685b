import {
  createTransport,
  type SupervisorOptions,
  type Transport,
  type TransportDriver,
} from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver } from '@intersect-sdk/transport/memory';
import type { ConformanceHarness } from '../../src/index.js';

const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;
const PASSWORD = 'right';

/** What to put around the driver and the transport; for mutants. */
export interface Wrapping {
  driver?(driver: TransportDriver): TransportDriver;
  transport?(transport: Transport): Transport;
  options?(options: SupervisorOptions): SupervisorOptions;
}

/** Everything that the kit can ask for, over a broker in this process. */
export function memoryHarness({
  driver: wrapDriver = (driver) => driver,
  transport: wrapTransport = (transport) => transport,
  options: wrapOptions = (options) => options,
}: Wrapping = {}): ConformanceHarness {
  const broker = new MemoryBroker({ maxPayloadBytes: MAX_PAYLOAD_BYTES, password: PASSWORD });
  const driver = (password: string): TransportDriver => wrapDriver(memoryDriver(broker, { password }));
  const publisher = createTransport(memoryDriver(broker, { password: PASSWORD }));
  return {
    capabilities: memoryDriver(broker).capabilities,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    create: (options = {}) => wrapTransport(createTransport(driver(PASSWORD), wrapOptions(options))),
    sever: ({ name }) => broker.sever(name),
    refuse: (on) => broker.refuse(on),
    createRejected: () => wrapTransport(createTransport(driver('wrong'))),
    async publishForeign(message) {
      await publisher.connect();
      await publisher.publish(message);
    },
    stop: () => publisher.close(),
  };
}
