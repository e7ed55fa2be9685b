// Client and service in one process over the in-memory transport, with nothing, with OpenTelemetry's context manager alone, or with telemetry of
// which one trace in ten is taken.
import { IntersectClient } from '@intersect-sdk/client';
import { IntersectService } from '@intersect-sdk/service';
import { telemetry } from '@intersect-sdk/telemetry';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { closedLoop } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { addressOf, hierarchyOf } from '../lib/names.mjs';
import { benchCapability } from './bench-capability.mjs';

const { kind } = settings();
if (kind !== 'off') context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const observers = kind === 'on' ? [observerOfOneInTen()] : [];

const address = addressOf('telemetry');
const broker = new MemoryBroker();
const service = new IntersectService([benchCapability()], {
  hierarchy: hierarchyOf(address),
  brokers: [memoryTransport(broker)],
  observers,
});
await service.startup();
const client = new IntersectClient({ brokers: [memoryTransport(broker)], observers });
await client.startup();

/** @param {string} payload */
const ask = (payload) => client.request({ destination: address, operation: 'Bench.echo', payload });

await takeCommands({
  /**
   * Gives the processor time of one request, in microseconds.
   *
   * @param {{ inFlight: number, durationMs: number, payloadBytes: number }} load
   */
  async measure(load) {
    const before = process.cpuUsage();
    const began = performance.now();
    const perSecond = await closedLoop(ask, load);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / ((perSecond * (performance.now() - began)) / 1000);
  },
});

function observerOfOneInTen() {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // Spans are collected as for a real exporter, and then thrown away.
  const exporter = {
    /** @param {unknown} _spans @param {(result: { code: number }) => void} done */
    export: (_spans, done) => done({ code: 0 }),
    shutdown: async () => {},
  };
  return telemetry({
    tracerProvider: new BasicTracerProvider({
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    }),
  });
}
