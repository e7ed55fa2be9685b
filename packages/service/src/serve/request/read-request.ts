import { type Issue, MessageError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import { channelProblem } from '@intersect-sdk/core/internal';

/** The headers of a request that can be answered. */
export interface ParsedRequest {
  readonly headers: UserspaceHeaders;
  readonly dataHandlerKnown: boolean;
}

/** The headers of a request, or why they are none that can be answered. */
export type ReadRequest = ParsedRequest | { readonly headers: undefined; readonly issues: readonly Issue[] };

export function readRequest(message: WireMessage, wire: Wire): ReadRequest {
  if (message.contentType === '') {
    return { headers: undefined, issues: [{ path: 'content type', message: 'is missing' }] };
  }
  const parsed = parseHeaders(message.headers, wire);
  const problem = parsed.headers && channelProblem(wire.responseChannel(parsed.headers.source));
  // Nothing can be published to an address with an empty part, so the answer could not be sent.
  return problem ? { headers: undefined, issues: [{ path: 'source', message: problem }] } : parsed;
}

function parseHeaders(raw: WireMessage['headers'], wire: Wire): ReadRequest {
  try {
    return { headers: wire.parseUserspaceHeaders(raw), dataHandlerKnown: true };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    if (error.code !== 'DATA_HANDLER_UNSUPPORTED') return { headers: undefined, issues: error.issues };
    // Everything else is in order, so the caller can be told.
    const { [wire.headerNames.dataHandler]: _unknown, ...rest } = raw;
    return { headers: wire.parseUserspaceHeaders(rest), dataHandlerKnown: false };
  }
}
