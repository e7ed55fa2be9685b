import type { RequestContext } from '@intersect-sdk/contract/plain';
import { decodePayload } from '@intersect-sdk/core';
import type { DoorEnvironment } from '@intersect-sdk/messaging';

/** Doors whose calls are those of a handler, so that it gives its place to others while it waits. */
export function doorsWithin(context: RequestContext, doors: DoorEnvironment): DoorEnvironment {
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
