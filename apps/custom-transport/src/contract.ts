// What the service offers and the client asks for: the same as in hello-world, on any transport.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const HelloExample = defineCapability({
  name: 'HelloExample',
  operations: { say_hello_to_name: { request: Type.String(), response: Type.String() } },
});
