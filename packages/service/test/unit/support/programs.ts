import { eventChannel, lifecycleChannel } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import {
  type AnyCapability,
  IntersectService,
  type IntersectServiceConfig,
  type Report,
} from '../../../src/index.js';
import { ADDRESS, Asker, HIERARCHY } from './asker.js';

export const LIFECYCLE = lifecycleChannel(ADDRESS);
export const eventsOf = (capability: string, event: string): string =>
  eventChannel(ADDRESS, capability, event);

export interface Programs extends AsyncDisposable {
  readonly broker: MemoryBroker;
  readonly service: IntersectService;
  readonly asker: Asker;
  readonly reports: Report[];
}

/** A started service and an asker at one broker in this process. */
export async function startPrograms(
  capabilities: readonly AnyCapability[],
  config: Partial<IntersectServiceConfig> = {},
  broker = new MemoryBroker(),
): Promise<Programs> {
  const reports: Report[] = [];
  const asker = await Asker.connect(broker);
  const service = serviceAt(broker, capabilities, { onReport: (report) => reports.push(report), ...config });
  await service.startup();
  return {
    broker,
    service,
    asker,
    reports,
    [Symbol.asyncDispose]: async () => {
      await service.shutdown();
      await asker[Symbol.asyncDispose]();
    },
  };
}

export function serviceAt(
  broker: MemoryBroker,
  capabilities: readonly AnyCapability[],
  config: Partial<IntersectServiceConfig> = {},
): IntersectService {
  return new IntersectService(capabilities, {
    hierarchy: HIERARCHY,
    brokers: [memoryTransport(broker)],
    ...config,
  });
}

/** Something that happens later, and when the test says so. */
export class Latch {
  readonly done: Promise<void>;
  open!: () => void;

  constructor() {
    this.done = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}
