import type { Companion, Departure } from '@intersect-sdk/messaging';
import { context, propagation, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { SETTER } from './carrier.js';
import type { Figures } from './figures.js';
import { ATTRIBUTE, INTERSECT_ATTRIBUTE, SYSTEM } from './names.js';
import { errorTypeOf } from './outcome.js';

/**
 * A span for what leaves, and its context in the headers. A request is a CLIENT span that lasts until its answer is there; its answer needs no
 * header, so a Python service that gives none back is part of the trace. An event, or a message without an answer, is a PRODUCER span.
 */
export function departed(departure: Departure, tracer: Tracer, figures: Figures): Companion {
  const { kind } = departure;
  const sinceMs = performance.now();
  const name = nameOf(departure);
  const parent = context.active();
  const span = tracer.startSpan(
    `send ${name}`,
    { kind: kind === 'request' ? SpanKind.CLIENT : SpanKind.PRODUCER },
    parent,
  );
  // Most are not sampled, and what nobody reads is not written.
  if (span.isRecording()) span.setAttributes(attributesOf(departure));
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), headers, SETTER);
  if (kind === 'request') figures.pending += 1;
  return {
    headers,
    ended(error) {
      const errorType = error === undefined ? undefined : errorTypeOf(error);
      if (kind === 'request') figures.pending -= 1;
      figures.sent.record(name, performance.now() - sinceMs, errorType);
      if (errorType !== undefined) {
        span.setAttribute(ATTRIBUTE.errorType, errorType);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** An operation or event by its full name, of which there are few. */
export function nameOf({
  operation,
  capability,
  event,
}: Pick<Departure, 'operation' | 'capability' | 'event'>) {
  return operation ?? `${capability}.${event}`;
}

function attributesOf(departure: Departure) {
  const { channel, source, destination, operation, requestId, campaignId, bytes, kind } = departure;
  return {
    [ATTRIBUTE.system]: SYSTEM,
    [ATTRIBUTE.operationName]: 'send',
    [ATTRIBUTE.operationType]: 'send',
    [ATTRIBUTE.destination]: channel,
    [ATTRIBUTE.bodySize]: bytes,
    [ATTRIBUTE.conversationId]: requestId,
    [INTERSECT_ATTRIBUTE.source]: source,
    [INTERSECT_ATTRIBUTE.target]: destination,
    [INTERSECT_ATTRIBUTE.operation]: operation,
    [INTERSECT_ATTRIBUTE.campaignId]: campaignId,
    ...(kind === 'event' && { [INTERSECT_ATTRIBUTE.event]: nameOf(departure) }),
  };
}
