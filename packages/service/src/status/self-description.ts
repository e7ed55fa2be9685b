import { DEFAULT_CONTENT_TYPE, RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import type { CompiledOperation, CompiledPayload } from '../compile/compiled.js';

/** What the statuses have to be was checked where they were read. */
const AS_IT_IS: CompiledPayload = {
  contentType: DEFAULT_CONTENT_TYPE,
  check: (value) => ({ ok: true, value }),
  makeDefault: undefined,
};

/**
 * The operation that every service has, as it is answered to an asker who wants the schema document and all statuses. As that one it takes
 * no place of a handler.
 */
export function selfDescriptionOf(
  operations: readonly CompiledOperation[],
  describe: () => Promise<unknown>,
): CompiledOperation | undefined {
  const core = operations.find(({ capability }) => capability === RESERVED_CAPABILITY);
  return core && { ...core, answer: AS_IT_IS, run: describe };
}
