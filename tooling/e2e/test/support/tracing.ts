import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OtlpReceiver } from './otlp-receiver.js';

export interface Tracing extends AsyncDisposable {
  readonly provider: BasicTracerProvider;
  /** What the exporter has sent; `flush` first. */
  readonly receiver: OtlpReceiver;
  flush(): Promise<void>;
}

/** OpenTelemetry as a program would set it up, with its own exporter; nothing of it stays for the next test. */
export async function startTracing(): Promise<Tracing> {
  const receiver = await OtlpReceiver.start();
  const exporter = new OTLPTraceExporter({ url: receiver.url });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  return {
    provider,
    receiver,
    flush: () => provider.forceFlush(),
    async [Symbol.asyncDispose]() {
      await provider.shutdown();
      context.disable();
      propagation.disable();
      await receiver[Symbol.asyncDispose]();
    },
  };
}
