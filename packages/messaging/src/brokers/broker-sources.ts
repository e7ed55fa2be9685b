import type { Issue } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import type { Transport } from '@intersect-sdk/transport';

/** True for a transport; any other value is taken for a plain configuration. */
export function isTransport(value: unknown): value is Transport {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Transport>;
  return typeof candidate.connect === 'function' && typeof candidate.subscribe === 'function';
}

/** Adds a problem when the list of brokers is missing or empty. */
export function checkBrokerList(value: unknown, issues: Issue[], path = 'brokers'): readonly unknown[] {
  if (!Array.isArray(value))
    issues.push({ path, message: `must be a list of brokers, got ${kindOf(value)}` });
  else if (value.length === 0) issues.push({ path, message: 'must name at least one broker' });
  else return value;
  return [];
}
