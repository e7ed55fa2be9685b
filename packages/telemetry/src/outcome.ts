import { isIntersectError } from '@intersect-sdk/core';

/**
 * What went wrong, in one word of which there are few: the code of an error, the reason of a refusal, or the class of what was thrown. Never its
 * sentence, which may hold what nobody meant to send away.
 */
export function errorTypeOf(error: unknown): string {
  if (isIntersectError(error)) return error.code;
  const { reason, name } = (error ?? {}) as { readonly reason?: unknown; readonly name?: unknown };
  if (typeof reason === 'string') return reason;
  return error instanceof Error && typeof name === 'string' ? name : '_OTHER';
}
