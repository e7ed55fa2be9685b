import { isIntersectError } from '@intersect-sdk/core';

/** A transport broke the contract; the message says how. */
export class ConformanceFailure extends Error {
  static {
    ConformanceFailure.prototype.name = 'ConformanceFailure';
  }
}

/** How a connection that the broker does not take can fail; another try can help. */
export const CONNECT_FAILURES = ['CONNECT_REFUSED', 'CONNECT_TIMEOUT', 'CONNECTION_LOST'] as const;

export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ConformanceFailure(otherwise);
}

/** Compares plain values by their JSON. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new ConformanceFailure(`${what}: expected ${wanted}, got ${got}`);
}

/** The promise must reject with an error of this SDK that has one of the codes; gives back that error's code. */
export async function checkRejects(
  promise: Promise<unknown>,
  codes: readonly string[],
  what: string,
): Promise<unknown> {
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  if (error instanceof ConformanceFailure) throw error;
  const wanted = codes.join(' or ');
  if (error === undefined) throw new ConformanceFailure(`${what} must reject with ${wanted}; it resolved`);
  const got = isIntersectError(error) ? error.code : String(error);
  if (!codes.includes(got))
    throw new ConformanceFailure(`${what} must reject with ${wanted}, not with ${got}`);
  return error;
}
