// What the service offers and the client asks for: written down once, shared by both.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const HelloExample = defineCapability({
  name: 'HelloExample',
  description: 'A first capability: one operation, and a status.',
  operations: {
    say_hello_to_name: {
      description: "Takes a name and says 'Hello' to it.",
      request: Type.String({ title: 'name' }),
      response: Type.String(),
    },
  },
  status: { schema: Type.String() },
});
