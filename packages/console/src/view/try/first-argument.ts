import type { JsonSchema } from '@intersect-sdk/schema/document';
import { JSON_TYPE, type KnownOperation } from '../../state/requests/operation.js';
import { argumentOf, type SavedRequest } from '../../state/requests/saved-requests.js';

interface Beginning {
  readonly operation: KnownOperation;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly saved: SavedRequest | undefined;
  /** What was typed before the page was loaded again, as JSON. */
  readonly draft: string | undefined;
}

/** What a form begins with: a saved request, else what was typed before, else what the form itself fills in. */
export function firstArgument({ operation, saved, draft }: Beginning): unknown {
  if (operation.request?.contentType !== JSON_TYPE) return undefined;
  if (saved) return argumentOf(saved);
  try {
    return argumentOf({ argument: draft });
  } catch {
    return undefined;
  }
}
