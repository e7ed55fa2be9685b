import { RESERVED_CAPABILITY } from '@intersect-sdk/core';
import { CORE_STATUS_SCHEMA } from '@intersect-sdk/schema';
import type { TUnsafe } from 'typebox';
import { defineCapability } from '../capability/capability.js';
import { type CoreStatus, CoreStatusReader } from './core-status.js';

/** What every service declares besides its own capabilities; always first. */
const CoreCapability = defineCapability({
  name: RESERVED_CAPABILITY,
  status: { name: 'system_capability', schema: CORE_STATUS_SCHEMA as unknown as TUnsafe<CoreStatus> },
});

export function createCoreCapability(): ReturnType<typeof CoreCapability.implement> {
  const reader = new CoreStatusReader();
  return CoreCapability.implement({ system_capability: () => reader.read() });
}
