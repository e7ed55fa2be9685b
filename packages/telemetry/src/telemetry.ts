import type { Observer } from '@intersect-sdk/messaging';
import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import { departed } from './departures.js';
import { Figures } from './figures.js';
import { offerMetrics } from './otel-metrics.js';
import { prometheusTextOf } from './prometheus-text.js';
import { withinSpan } from './work.js';

/** Where OpenTelemetry's SDK is, unless it was made the global one. */
export interface TelemetryOptions {
  /** @default the global one, as it is when `telemetry()` is called */
  readonly tracerProvider?: TracerProvider | undefined;
  /** @default the global one, as it is when `telemetry()` is called */
  readonly meterProvider?: MeterProvider | undefined;
}

/**
 * An observer for the option `observers` of a client or service; one may serve several of a process, which are then counted together.
 * No attribute holds a payload, a header of a program, or the sentence of an error.
 */
export interface Telemetry extends Observer {
  /** Whether there is a connection to a broker, and none is being made. */
  readonly isReady: boolean;
  /** All figures, in the text format that Prometheus reads. */
  prometheusText(): string;
}

const NAME = '@intersect-sdk/telemetry';

/**
 * Makes a span of each request, message and event that is sent, and of each handler that is called; carries the context in the headers that the
 * global propagator writes (`traceparent`, `tracestate`, `baggage`); and counts. Without OpenTelemetry's SDK it only counts.
 */
export function telemetry({ tracerProvider, meterProvider }: TelemetryOptions = {}): Telemetry {
  const tracer = (tracerProvider ?? trace).getTracer(NAME);
  const figures = new Figures();
  offerMetrics((meterProvider ?? metrics).getMeter(NAME), figures);
  const telemeter = { tracer, figures };
  return {
    onDeparture: (departure) => departed(departure, tracer, figures),
    aroundWork: (work, run) => withinSpan(work, run, telemeter),
    onReport: ({ kind }) => figures.reported(kind),
    onConnection: (connection) => figures.connection(connection),
    get isReady() {
      return figures.isConnected;
    },
    prometheusText: () => prometheusTextOf(figures),
  };
}
