/** In requests: what the asker understands beyond one answer, as a list with commas: `parts`, `stream`, `busy`. */
export const ACCEPT_HEADER = 'x-intersect-accept';

/** What an asker says that it understands. */
export interface Accepted {
  /** Signs of life and progress, as messages before the answer. */
  readonly parts: boolean;
  /** The items of an answer one by one. */
  readonly stream: boolean;
  /** That the service has no place for the request now. */
  readonly busy: boolean;
}

/** Words that are not known are for later versions. */
const WORDS = ['parts', 'stream', 'busy'] as const;

const NOTHING: Accepted = Object.freeze({ parts: false, stream: false, busy: false });

/** What the headers of a request say that its asker understands; nothing, where they don't say. */
export function acceptsOf(headers: Readonly<Record<string, string>>): Accepted {
  const value = Object.hasOwn(headers, ACCEPT_HEADER) ? headers[ACCEPT_HEADER] : undefined;
  if (value === undefined) return NOTHING;
  const said = new Set(value.split(',').map((word) => word.trim()));
  return { parts: said.has('parts'), stream: said.has('stream'), busy: said.has('busy') };
}

/** The header's value; undefined where there is nothing to say. */
export function acceptHeaderOf(accepted: Partial<Accepted>): string | undefined {
  const words = WORDS.filter((word) => accepted[word]);
  return words.length === 0 ? undefined : words.join(',');
}
