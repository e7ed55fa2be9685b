import type { Issue } from '@intersect-sdk/core';
import { type FurtherHeaders, throwConfigError, type Wire } from '@intersect-sdk/core/internal';

/**
 * The headers of an answer with some more of them. Throws ConfigError with every problem of the new ones, or when all together are too
 * many.
 */
export function withMore(
  before: FurtherHeaders | undefined,
  more: FurtherHeaders,
  wire: Wire,
): FurtherHeaders {
  const issues: Issue[] = [];
  wire.checkFurtherHeaders(more, issues, 'headers');
  const headers = { ...before, ...more };
  if (issues.length === 0) wire.checkFurtherHeaders(headers, issues, 'headers');
  throwConfigError('The headers of the answer cannot be set', issues);
  return headers;
}
