import type { DirectoryStore, KnownService } from '@intersect-sdk/directory';
import { parseJson } from '../state/json.js';
import type { ConnectCall } from './protocol.js';

/** What the program that serves the page has heard of services already, so that a page need not wait until they say something. */
export function whatIsKnown({ base, token }: Pick<ConnectCall, 'base' | 'token'>): DirectoryStore {
  const url = new URL('services.json', base.replace(/^ws/, 'http'));
  return {
    async load() {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      return answer.ok ? (parseJson(await answer.text()) as KnownService[]) : [];
    },
    // It hears them itself.
    save: () => Promise.resolve(),
  };
}
