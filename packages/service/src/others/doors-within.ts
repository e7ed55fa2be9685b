import type { RequestContext } from '@intersect-sdk/contract/plain';
import { ConfigError, decodePayload } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import type { CheckedRequest, DirectMessageParams, DoorEnvironment } from '@intersect-sdk/messaging';

/**
 * Doors whose calls are those of a handler, so that it gives its place to others while it waits. Throws
 * ConfigError for what is no context.
 */
export function doorsWithin(context: RequestContext, doors: DoorEnvironment): DoorEnvironment {
  if (typeof (context as Partial<RequestContext> | null)?.call !== 'function') {
    const message = `must be the context that a handler gets as its last argument, got ${kindOf(context)}`;
    throw new ConfigError('The capability cannot be called', [{ path: 'context', message }]);
  }
  return {
    ...doors,
    asker: {
      send: ({ request, options }) => context.call(paramsOf(request), options),
      sendForBytes: ({ request, options }) => context.callBytes(paramsOf(request), options),
      sendForItems: ({ request, options }) => context.stream(paramsOf(request), options),
    },
  };
}

function paramsOf({ payload, body, ...params }: CheckedRequest): DirectMessageParams {
  const { destination, operation, contentType, dataHandler } = params;
  // Whatever the service asks for: what it sends keeps its digits.
  const value = body ?? decodePayload(payload, contentType, { integers: 'bigint' });
  return { destination, operation, contentType, dataHandler, payload: value };
}
