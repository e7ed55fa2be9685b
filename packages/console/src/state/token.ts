import type { TextStore } from './requests/saved-requests.js';

const KEY = 'intersect-console-token';
const TOKEN = /^#token=([\w-]+)(.*)$/;

export interface TakenToken {
  /** Undefined where neither the address nor an earlier load of this page has one. */
  readonly token: string | undefined;
  /** What is left of the fragment, which says where in the page one is. */
  readonly fragment: string;
}

/** Takes the token out of the page's address, so that it stands in no bookmark and no picture of the screen. It is kept while the tab is open. */
export function takeToken(fragment: string, session: TextStore): TakenToken {
  const [, given, rest = ''] = TOKEN.exec(fragment) ?? [];
  if (given === undefined) return { token: session.getItem(KEY) ?? undefined, fragment };
  session.setItem(KEY, given);
  return { token: given, fragment: rest && `#${rest}` };
}
