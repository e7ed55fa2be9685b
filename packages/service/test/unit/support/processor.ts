import type { Emission } from '@intersect-sdk/contract/internal';
import type { AnyCapability } from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';
import { silentLogger, throwConfigError, WIRE_0_9 } from '@intersect-sdk/core/internal';
import { DataPlane, Observers } from '@intersect-sdk/messaging';
import { compileCapabilities } from '../../../src/compile/compile-capabilities.js';
import type { CompiledCapability } from '../../../src/compile/compiled.js';
import type { Report } from '../../../src/index.js';
import { RequestProcessor, type RequestProcessorOptions } from '../../../src/serve/request-processor.js';
import { ADDRESS, type ReadReply, type RequestParts, readReply, request } from './asker.js';

export interface TestProcessor {
  readonly processor: RequestProcessor;
  readonly reports: Report[];
  readonly emitted: Emission[];
  readonly blockedKeys: Set<string>;
  /** Processes a request and reads its reply. */
  ask(operation: string, parts?: RequestParts): Promise<ReadReply>;
}

/** A request processor without a broker. */
export function processorOf(
  capability: AnyCapability,
  options: Partial<RequestProcessorOptions> = {},
): TestProcessor {
  const compiled = compiledOnce(capability);
  const reports: Report[] = [];
  const emitted: Emission[] = [];
  const blockedKeys = new Set<string>();
  const data = new DataPlane({
    dataStores: [],
    storeFor: () => Promise.reject(new Error('this test has no data store')),
    owner: ADDRESS,
    maxDataBytes: 1_000,
    offloadAboveBytes: undefined,
    keepData: false,
    waitMs: 1,
    report: () => {},
  });
  const processor = new RequestProcessor({
    wire: WIRE_0_9,
    data,
    address: ADDRESS,
    operations: compiled.flatMap(({ operations }) => operations),
    concurrency: 8,
    blockedKeys,
    logger: silentLogger,
    observers: new Observers({
      wire: WIRE_0_9,
      observers: [{ onReport: (report) => void reports.push(report) }],
    }),
    emit: async (emission) => void emitted.push(emission),
    call: async () => {
      throw new Error('this test calls no other service');
    },
    callBytes: async () => {
      throw new Error('this test calls no other service');
    },
    stream: () => {
      throw new Error('this test calls no other service');
    },
    ...options,
  });
  return {
    processor,
    reports,
    emitted,
    blockedKeys,
    ask: async (operation, parts) => {
      const outcome = await processor.process(request(operation, parts));
      if (outcome.kind !== 'reply') throw new Error(`dropped: ${outcome.reason}`);
      return readReply(outcome.message);
    },
  };
}

const compiledBefore = new WeakMap<AnyCapability, readonly CompiledCapability[]>();

// Compiling takes longer than all else a test does.
function compiledOnce(capability: AnyCapability): readonly CompiledCapability[] {
  const before = compiledBefore.get(capability);
  if (before) return before;
  const issues: Issue[] = [];
  const { compiled } = compileCapabilities([capability], { needCode: true, issues });
  throwConfigError('The capability of this test cannot be used', issues);
  compiledBefore.set(capability, compiled);
  return compiled;
}
