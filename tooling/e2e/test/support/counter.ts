import { defineCapability, Type } from '@intersect-sdk/contract';

/** What the service of the browser tests offers and the page asks for. */
export const Counter = defineCapability({
  name: 'Counter',
  description: 'Counts.',
  operations: {
    count: {
      description: 'Counts to a number.',
      request: Type.Integer({ minimum: 0 }),
      response: Type.String(),
    },
  },
  events: { counted: { schema: Type.Integer() } },
});
