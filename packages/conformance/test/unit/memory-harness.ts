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
/** This broker has none; what stands around it can have one. */
export const ACK_DEADLINE_MS = 20;

/** What to put around the driver and the transport; for mutants. */
export interface Wrapping {
  driver?(driver: TransportDriver): TransportDriver;
  transport?(transport: Transport): Transport;
  options?(options: SupervisorOptions): SupervisorOptions;
  /** Whether the network can be silenced. The case about it takes 3 s, so it is not for every mutant. */
  readonly stalls?: boolean;
}

/** Everything that the kit can ask for, over a broker in this process. */
export function memoryHarness({
  driver: wrapDriver = (driver) => driver,
  transport: wrapTransport = (transport) => transport,
  options: wrapOptions = (options) => options,
  stalls = true,
}: Wrapping = {}): ConformanceHarness {
  const broker = new MemoryBroker({ maxPayloadBytes: MAX_PAYLOAD_BYTES, password: PASSWORD });
  let stalled = false;
  /** Over a silent network nobody answers to an orderly end. */
  const stallable = (inner: TransportDriver): TransportDriver => ({
    name: inner.name,
    capabilities: inner.capabilities,
    async open(events, options) {
      const link = await inner.open(events, options);
      const close = link.close.bind(link);
      link.close = () => (stalled ? new Promise(() => {}) : close());
      return link;
    },
  });
  const driver = (password: string): TransportDriver =>
    wrapDriver(stallable(memoryDriver(broker, { password })));
  const publisher = createTransport(memoryDriver(broker, { password: PASSWORD }));
  return {
    capabilities: memoryDriver(broker).capabilities,
    deadlineMs: 120_000,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    create: (options = {}) => wrapTransport(createTransport(driver(PASSWORD), wrapOptions(options))),
    sever: ({ name }) => broker.sever(name),
    refuse: (on) => broker.refuse(on),
    ...(stalls && {
      stall: (on: boolean) => {
        stalled = on;
      },
    }),
    inventory: () => Array.from({ length: broker.queueCount }, (_, index) => `queue ${index}`),
    ackOverdue: () => new Promise((resolve) => setTimeout(resolve, 1.5 * ACK_DEADLINE_MS)),
    createRejected: () => wrapTransport(createTransport(driver('wrong'))),
    async publishForeign(message) {
      await publisher.connect();
      await publisher.publish(message);
    },
    stop: () => publisher.close(),
  };
}
