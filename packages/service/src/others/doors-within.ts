import type { RequestContext } from '@intersect-sdk/contract/plain';
import { ConfigError, decodePayload } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import type { DoorEnvironment } from '@intersect-sdk/messaging';

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
      send: ({ request, options }) => {
        const { destination, operation, contentType } = request;
        const payload = decodePayload(request.payload, contentType);
        return context.call({ destination, operation, contentType, payload }, options);
      },
    },
  };
}
