import { RESERVED_CAPABILITY } from '@intersect-sdk/core';
import { defineCapability } from './capability.js';
import { CoreStatusReader, CoreStatusSchema } from './core-status.js';

/** What every service declares besides its own capabilities; always first. */
export const CoreCapability = defineCapability({
  name: RESERVED_CAPABILITY,
  status: { name: 'system_capability', schema: CoreStatusSchema },
});

export function createCoreCapability(): ReturnType<typeof CoreCapability.implement> {
  const reader = new CoreStatusReader();
  return CoreCapability.implement({ system_capability: () => reader.read() });
}
