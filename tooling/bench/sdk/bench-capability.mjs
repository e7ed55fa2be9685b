import { defineCapability, Type } from '@intersect-sdk/service';

/**
 * A capability for one service; it gives back what it is given, after a turn of the event loop's microtasks.
 *
 * @param {{ concurrency?: number }} [options] how many of its handlers may be under way at once; 1 is what
 *   a capability has that says nothing
 */
export function benchCapability({ concurrency = 32 } = {}) {
  const Bench = defineCapability({
    name: 'Bench',
    concurrency,
    operations: { echo: { request: Type.String(), response: Type.String() } },
    events: { tick: { schema: Type.String() } },
  });
  return Bench.implement({ echo: async (text) => text });
}
