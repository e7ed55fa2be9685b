import type { WireMessage } from '@intersect-sdk/core';
import { withTimeLeft } from '@intersect-sdk/core/internal';
import type { PublishOptions } from '@intersect-sdk/transport';

/** A message that has waited, and what is left of the time that it is of use. */
export function agedBy(
  waitedMs: number,
  message: WireMessage,
  { expiresAfterMs, timeLeftHeader }: PublishOptions,
): { readonly message: WireMessage; readonly options: PublishOptions } {
  if (expiresAfterMs === undefined) return { message, options: {} };
  const leftMs = Math.max(1, expiresAfterMs - waitedMs);
  const options = { expiresAfterMs: leftMs };
  if (timeLeftHeader === undefined) return { message, options };
  return { message: withTimeLeft(message, timeLeftHeader, leftMs), options };
}
