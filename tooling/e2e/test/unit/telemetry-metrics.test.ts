import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { telemetry } from '@intersect-sdk/telemetry';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';

const Stage = defineCapability({
  name: 'Stage',
  operations: { move: { request: Type.Integer(), response: Type.Integer() } },
});

test('metrics come to what OpenTelemetry collects', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const broker = new MemoryBroker();
  const observers = [telemetry({ meterProvider })];
  const service = new IntersectService([Stage.implement({ move: (to) => to })], {
    hierarchy: { organization: 'org', facility: 'fac', system: 'sys', service: 'stage' },
    brokers: [memoryTransport(broker)],
    observers,
  });
  const client = new IntersectClient({ brokers: [memoryTransport(broker)], observers });
  await service.startup();
  await client.startup();
  const stage = client.capability(Stage, service.address);
  await stage.move(1);
  await stage.move(2);
  await meterProvider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics[0]?.metrics ?? []);
  const values = Object.fromEntries(
    metrics.map(({ descriptor, dataPoints: [first] }) => [descriptor.name, first?.value]),
  );
  expect(values).toMatchObject({
    'messaging.client.operation.duration': { count: 2 },
    'messaging.process.duration': { count: 2 },
    'messaging.client.sent.messages': 2,
    'messaging.client.consumed.messages': 2,
    'intersect.client.requests.pending': 0,
    'intersect.messages.unacknowledged': 0,
    'intersect.messages.lost': 0,
    'intersect.broker.connections': 1,
    'intersect.broker.reconnects': 0,
  });
  await client.shutdown();
  await service.shutdown();
  await meterProvider.shutdown();
});
