import type { Work } from '@intersect-sdk/messaging';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { GETTER } from './carrier.js';
import { nameOf } from './departures.js';
import type { Figures } from './figures.js';
import { ATTRIBUTE, INTERSECT_ATTRIBUTE, SYSTEM } from './names.js';
import { errorTypeOf } from './outcome.js';

/**
 * Calls a handler within a span: the child of the request's, or, for an event, one of its own with a link to the event's, since many hear an
 * event and none of them works for its sender. What the handler asks and emits is part of that span.
 */
export function withinSpan<T>(work: Work, run: () => T, { tracer, figures }: Telemeter): T {
  const sinceMs = performance.now();
  const sender = propagation.extract(ROOT_CONTEXT, work.headers, GETTER);
  const span = begun(work, sender, tracer);
  figures.working += 1;
  const end = (error?: unknown): void => {
    const errorType = error === undefined ? undefined : errorTypeOf(error);
    figures.working -= 1;
    figures.processed.record(nameOf(work), performance.now() - sinceMs, errorType);
    if (errorType !== undefined) {
      span.setAttribute(ATTRIBUTE.errorType, errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };
  try {
    const given = context.with(trace.setSpan(sender, span), run);
    if (given instanceof Promise)
      given.then(
        () => end(),
        (error: unknown) => end(error ?? new Error()),
      );
    else end();
    return given;
  } catch (error) {
    end(error ?? new Error());
    throw error;
  }
}

export interface Telemeter {
  readonly tracer: Tracer;
  readonly figures: Figures;
}

function begun(work: Work, sender: Context, tracer: Tracer): Span {
  const isEvent = work.kind === 'event';
  const origin = trace.getSpanContext(sender);
  const links = isEvent && origin ? [{ context: origin }] : [];
  const span = tracer.startSpan(
    `process ${nameOf(work)}`,
    { kind: SpanKind.CONSUMER, links, root: isEvent },
    sender,
  );
  if (span.isRecording()) span.setAttributes(attributesOf(work));
  return span;
}

function attributesOf(work: Work) {
  const { channel, source, messageId, operation, requestId, campaignId, bytes, kind } = work;
  return {
    [ATTRIBUTE.system]: SYSTEM,
    [ATTRIBUTE.operationName]: 'process',
    [ATTRIBUTE.operationType]: 'process',
    [ATTRIBUTE.destination]: channel,
    [ATTRIBUTE.bodySize]: bytes,
    [ATTRIBUTE.messageId]: messageId,
    [ATTRIBUTE.conversationId]: requestId,
    [INTERSECT_ATTRIBUTE.source]: source,
    [INTERSECT_ATTRIBUTE.operation]: operation,
    [INTERSECT_ATTRIBUTE.campaignId]: campaignId,
    ...(kind === 'event' && { [INTERSECT_ATTRIBUTE.event]: nameOf(work) }),
  };
}
