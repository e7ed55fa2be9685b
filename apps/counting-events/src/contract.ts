// What the service emits and the client listens to: written down once, shared by both.
import { defineCapability, Type } from '@intersect-sdk/contract';

export const CountingExample = defineCapability({
  name: 'CountingExample',
  description: 'Emits a number that grows threefold every two seconds.',
  events: { increment_counter: { schema: Type.Integer() } },
});
