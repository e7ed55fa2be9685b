// What the service offers, and what the client asks for and listens to: written down once, shared by both.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const HelloExample = defineCapability({
  name: 'HelloExample',
  description: 'One operation, which also emits an event.',
  operations: {
    say_hello_to_name: {
      description: "Takes a name, says 'Hello' to it, and tells everyone who was greeted.",
      request: Type.String({ title: 'name' }),
      response: Type.String(),
    },
  },
  events: { hello_event: { schema: Type.String() } },
  status: { schema: Type.String() },
});
