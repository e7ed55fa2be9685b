// Traces and figures of clients and services, by OpenTelemetry's own SDK and its exporter, over the memory transport.
import { IntersectClient } from '@intersect-sdk/client';
import { CapabilityError, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { telemetry } from '@intersect-sdk/telemetry';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { startTracing } from '../support/tracing.js';

const hierarchyOf = (service: string) => ({ organization: 'org', facility: 'fac', system: 'sys', service });

const Stage = defineCapability({
  name: 'Stage',
  operations: {
    move: { request: Type.String(), response: Type.String() },
    fail: { request: Type.String(), response: Type.String() },
    break: { request: Type.String(), response: Type.String() },
  },
});

const Scan = defineCapability({
  name: 'Scan',
  operations: { run: { request: Type.String(), response: Type.String() } },
  events: { done: { schema: Type.String() } },
});

interface Seen {
  readonly baggage: (string | undefined)[];
  readonly traceState: (string | undefined)[];
}

async function lab(provider: Parameters<typeof telemetry>[0] = {}) {
  const broker = new MemoryBroker();
  const observer = telemetry(provider);
  const common = { brokers: [memoryTransport(broker)], observers: [observer] };
  const seen: Seen = { baggage: [], traceState: [] };
  const stage = new IntersectService(
    [
      Stage.implement({
        move: async (to) => {
          await Promise.resolve();
          seen.baggage.push(propagation.getActiveBaggage()?.getEntry('sample')?.value);
          seen.traceState.push(trace.getActiveSpan()?.spanContext().traceState?.get('lab'));
          return to;
        },
        fail: () => {
          throw new CapabilityError('the SECRET of the door');
        },
        break: () => {
          throw new TypeError('a SECRET of the program');
        },
      }),
    ],
    { ...common, hierarchy: hierarchyOf('stage') },
  );
  const scan: IntersectService = new IntersectService(
    [
      Scan.implement({
        run: async (to, handling) => {
          const moved: string = await scan.capability(Stage, stage.address, handling).move(to);
          await handling.emit('done', moved);
          return moved;
        },
      }),
    ],
    { ...common, brokers: [memoryTransport(broker)], hierarchy: hierarchyOf('scan') },
  );
  const client = new IntersectClient({ ...common, brokers: [memoryTransport(broker)] });
  await stage.startup();
  await scan.startup();
  await client.startup();
  return {
    observer,
    client,
    seen,
    scan: client.capability(Scan, scan.address),
    stage: client.capability(Stage, stage.address),
    async [Symbol.asyncDispose]() {
      await client.shutdown();
      await scan.shutdown();
      await stage.shutdown();
    },
  };
}

describe('a trace', () => {
  test('goes from a client through services that ask each other, and links to what hears their events', async () => {
    await using tracing = await startTracing();
    await using at = await lab({ tracerProvider: tracing.provider });
    const events = at.scan.$events('done');
    await events.ready;
    const tracer = tracing.provider.getTracer('test');
    await tracer.startActiveSpan('experiment', async (span) => {
      const baggage = propagation.createBaggage({ sample: { value: 'number 7' } });
      await context.with(propagation.setBaggage(context.active(), baggage), () => at.scan.run('left'));
      span.end();
    });
    for await (const _event of events) break;
    await tracing.flush();
    const { receiver } = tracing;
    const [experiment, asked, ran] = ['experiment', 'send Scan.run', 'process Scan.run'].map((name) =>
      receiver.span(name),
    );
    const [nested, moved, sent] = ['send Stage.move', 'process Stage.move', 'send Scan.done'].map((name) =>
      receiver.span(name),
    );
    expect(asked?.parentSpanId).toBe(experiment?.spanId);
    expect(ran?.parentSpanId).toBe(asked?.spanId);
    expect(nested?.parentSpanId).toBe(ran?.spanId);
    expect(moved?.parentSpanId).toBe(nested?.spanId);
    expect(sent?.parentSpanId).toBe(ran?.spanId);
    const traces = [experiment, asked, ran, nested, moved, sent].map((span) => span?.traceId);
    expect(new Set(traces).size).toBe(1);
    // In OTLP kinds are counted from 1.
    expect([asked, ran, sent].map((span) => (span?.kind ?? 0) - 1)).toEqual([
      SpanKind.CLIENT,
      SpanKind.CONSUMER,
      SpanKind.PRODUCER,
    ]);
    expect(asked?.attributes).toMatchObject({
      'messaging.system.name': 'intersect',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'org/fac/sys/-/scan/request',
      'intersect.operation': 'Scan.run',
      'intersect.campaign.id': ran?.attributes['intersect.campaign.id'],
      'messaging.message.conversation_id': ran?.attributes['messaging.message.conversation_id'],
      'messaging.message.body.size': 6,
    });
    expect(at.seen.baggage).toEqual(['number 7']);
  });

  test('that came in from elsewhere goes on with its state', async () => {
    await using tracing = await startTracing();
    await using at = await lab({ tracerProvider: tracing.provider });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const outside = propagation.extract(context.active(), { traceparent, tracestate: 'lab=north' });
    await context.with(outside, () => at.stage.move('left'));
    await tracing.flush();
    expect(tracing.receiver.span('process Stage.move').traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(tracing.receiver.span('send Stage.move').parentSpanId).toBe('b7ad6b7169203331');
    expect(at.seen.traceState).toEqual(['north']);
  });

  test('of the work on an event is one of its own, with a link to the event', async () => {
    await using tracing = await startTracing();
    await using at = await lab({ tracerProvider: tracing.provider });
    const params = { hierarchy: 'org.fac.sys.-.scan', capabilityName: 'Scan', eventName: 'done' };
    await using stream = at.client.events(params);
    await stream.ready;
    await at.scan.run('left');
    await stream.next();
    await tracing.flush();
    const [sent, work] = [
      tracing.receiver.span('send Scan.done'),
      tracing.receiver.span('process Scan.done'),
    ];
    expect(work.traceId).not.toBe(sent.traceId);
    expect(work.parentSpanId).toBeUndefined();
    expect(work.links).toEqual([{ traceId: sent.traceId, spanId: sent.spanId }]);
  });

  test('says by one word what failed, and holds no payload, no header of a program and no sentence of an error', async () => {
    await using tracing = await startTracing();
    await using at = await lab({ tracerProvider: tracing.provider });
    const headers = { 'x-token': 'SECRET' };
    await at.stage.move('SECRET payload', { headers });
    await expect(at.stage.fail('SECRET')).rejects.toThrow('the SECRET of the door');
    await expect(at.stage.break('SECRET')).rejects.toThrow();
    await tracing.flush();
    const { receiver } = tracing;
    expect(receiver.span('process Stage.fail')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'capability-error' },
    });
    expect(receiver.span('process Stage.break').attributes['error.type']).toBe('handler-failed');
    expect(receiver.span('send Stage.fail').isError).toBe(true);
    expect(receiver.spans).toHaveLength(6);
    expect(receiver.text).not.toContain('SECRET');
    expect(at.observer.prometheusText()).not.toContain('SECRET');
  });

  test('is none without the SDK of OpenTelemetry, and all the same everything is counted', async () => {
    await using at = await lab();
    await at.stage.move('left');
    await expect(at.stage.fail('left')).rejects.toThrow();
    expect(trace.getActiveSpan()).toBeUndefined();
    const text = at.observer.prometheusText();
    expect(text).toContain('intersect_send_duration_seconds_count{operation="Stage.move"} 1');
    expect(text).toContain('intersect_process_duration_seconds_count{operation="Stage.move"} 1');
    expect(text).toContain(
      'intersect_process_duration_seconds_count{operation="Stage.fail",error_type="capability-error"} 1',
    );
    expect(text).toContain('intersect_requests_pending 0');
    expect(text).toContain('intersect_messages_unacknowledged 0');
    expect(text).toContain('intersect_reports_total{kind="request-refused"} 1');
    expect(text.match(/^intersect_broker_connections\{broker="memory-[^"]+"\} 1$/gm)).toHaveLength(3);
    expect(at.observer.isReady).toBe(true);
  });
});
