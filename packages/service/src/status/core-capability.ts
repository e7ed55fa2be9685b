import { defineCapability } from '@intersect-sdk/contract/plain';
import { RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import { CORE_STATUS_SCHEMA } from '@intersect-sdk/schema';
import { type CoreStatus, CoreStatusReader } from './core-status.js';

/** What every service declares besides its own capabilities; always first. */
const CoreCapability = defineCapability<{
  operations: Record<never, never>;
  events: Record<never, never>;
  status: { name: 'system_capability'; value: CoreStatus };
}>({
  name: RESERVED_CAPABILITY,
  status: { name: 'system_capability', schema: CORE_STATUS_SCHEMA },
});

export function createCoreCapability(): ReturnType<typeof CoreCapability.implement> {
  const reader = new CoreStatusReader();
  return CoreCapability.implement({ system_capability: () => reader.read() });
}
