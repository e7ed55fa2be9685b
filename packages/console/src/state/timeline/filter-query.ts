import type { EntryKind, EntryState } from './entry.js';
import type { EntryFilter } from './entry-filter.js';

export const ENTRY_KINDS: readonly EntryKind[] = ['request', 'event', 'lifecycle', 'refused'];
export const ENTRY_STATES: readonly EntryState[] = ['waiting', 'answered', 'failed', 'told', 'refused'];

/** The filter that a link names. What it can't be is left out. */
export function filterOf(query: Readonly<Record<string, string>>): EntryFilter {
  const { service, operation, campaign, text, kind, state } = query;
  return {
    service,
    operation,
    campaign,
    text,
    kind: ENTRY_KINDS.find((each) => each === kind),
    state: ENTRY_STATES.find((each) => each === state),
  };
}
