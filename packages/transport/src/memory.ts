export type { MemoryBrokerOptions } from './memory/memory-broker.js';
export { MemoryBroker } from './memory/memory-broker.js';
export type { MemoryTransportOptions } from './memory/memory-transport.js';
export { memoryDriver, memoryTransport } from './memory/memory-transport.js';
