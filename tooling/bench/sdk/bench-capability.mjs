import { defineCapability, Type } from '@intersect-sdk/service';

const Bench = defineCapability({
  name: 'Bench',
  operations: { echo: { request: Type.String(), response: Type.String() } },
  events: { tick: { schema: Type.String() } },
});

/** A capability for one service; it gives back what it is given, after a turn of the event loop's microtasks. */
export function benchCapability() {
  return Bench.implement({ echo: async (text) => text });
}
