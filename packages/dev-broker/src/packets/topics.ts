/** Deeper filters would make the topic tree recurse without bound. */
const MAX_LEVELS = 200;

export const isValidTopicName = (topic: string): boolean => topic !== '' && !/[+#\0]/.test(topic);

/** `+` fills a whole level; `#` does too, and only the last one. */
const FILTER = /^(([^+#/\0]*|\+)\/)*([^+#/\0]*|\+|#)$/;

/** At most 200 levels. */
export function isValidTopicFilter(filter: string): boolean {
  return filter !== '' && filter.split('/').length <= MAX_LEVELS && FILTER.test(filter);
}

/** The inner filter of `$share/group/filter`, empty when it is not written so; undefined for an ordinary filter. */
export function sharedFilter(filter: string): string | undefined {
  if (!/^\$share(\/|$)/.test(filter)) return undefined;
  return /^\$share\/[^/+#]+\/(.+)$/s.exec(filter)?.[1] ?? '';
}
