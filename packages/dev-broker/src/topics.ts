const SHARE = '$share/';
/** Deeper filters would make the topic tree recurse without bound. */
const MAX_LEVELS = 200;

export function isValidTopicName(topic: string): boolean {
  return topic !== '' && !/[+#\0]/.test(topic);
}

/** `+` fills a whole level; `#` does too, and only the last one. At most 200 levels. */
export function isValidTopicFilter(filter: string): boolean {
  if (filter === '' || filter.includes('\0')) return false;
  const levels = filter.split('/');
  if (levels.length > MAX_LEVELS) return false;
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}

/** The group and the inner filter of `$share/group/filter`, or undefined for an ordinary filter. */
export function parseShared(
  filter: string,
): { readonly group: string; readonly filter: string } | 'invalid' | undefined {
  if (filter !== '$share' && !filter.startsWith(SHARE)) return undefined;
  const slash = filter.indexOf('/', SHARE.length);
  const group = slash === -1 ? '' : filter.slice(SHARE.length, slash);
  const inner = slash === -1 ? '' : filter.slice(slash + 1);
  if (group === '' || /[+#]/.test(group) || !isValidTopicFilter(inner)) return 'invalid';
  return { group, filter: inner };
}

/** Whether a wildcard at the first level is kept from matching, as for `$SYS` topics. */
export const hidesFromWildcards = (topic: string): boolean => topic.startsWith('$');

export function filterMatches(filter: string, topic: string): boolean {
  if (hidesFromWildcards(topic) && /^[+#]/.test(filter)) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
