// What the service offers and the client asks for: written down once, shared by both.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const HelloExample = defineCapability({
  name: 'HelloExample',
  description: 'One operation, whose answer travels by reference.',
  operations: {
    say_hello_to_name: {
      description: "Takes a name and says 'Hello' to it.",
      request: Type.String({ title: 'name' }),
      response: Type.String(),
      // The answer lies in the data store, and the message only says where. Who sends decides that, so it is no part of the schema.
      responseDataHandler: 'MINIO',
    },
  },
  status: { schema: Type.String() },
});
