import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describeKeptObjects } from '../support/kept-objects.js';

const broker = new MemoryBroker();
describeKeptObjects({ title: 'the in-memory transport', transport: () => memoryTransport(broker) });
