import type { SeenMessage } from '../state/timeline/entry.js';
import { readRecord, recordLine } from '../state/timeline/record.js';
import type { ConnectCall } from './protocol.js';

/** What is kept over a reload: the newest messages, so many and of so many bytes. */
const MOST_MESSAGES = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
const SOON_MS = 500;
const LATE_MS = 5_000;
/** A long record is given less often. */
const BYTES_A_MS = 200;

export interface KeptTimelineOptions {
  /** All that passed, the newest last. */
  readonly messages: () => readonly SeenMessage[];
  readonly fetch?: typeof fetch;
}

/**
 * Gives what passed to the program that serves the page, and gets it back when the page is loaded again. Nothing of it is written to a disk, as a
 * browser's storage would.
 */
export class KeptTimeline {
  readonly #options: KeptTimelineOptions;
  #place: { readonly url: URL; readonly headers: Readonly<Record<string, string>> } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = SOON_MS;

  constructor(options: KeptTimelineOptions) {
    this.#options = options;
  }

  /** What was kept before the page was loaded; nothing where the program can't be asked. From now on what changes is kept. */
  async restore({ base, token }: Pick<ConnectCall, 'base' | 'token'>): Promise<readonly SeenMessage[]> {
    if (this.#place) return [];
    const url = new URL('timeline.jsonl', base.replace(/^ws/, 'http'));
    const headers = { authorization: `Bearer ${token}` };
    const answer = await this.#fetch(url, { headers }).catch(() => undefined);
    this.#place = { url, headers };
    return answer?.ok ? readRecord(await answer.text()).messages : [];
  }

  /** Something passed, or was cleared. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.#keep(), this.#waitMs);
  }

  async #keep(): Promise<void> {
    if (this.#place) {
      const { url, headers } = this.#place;
      const body = this.#newest()
        .map((message) => `${recordLine(message, { own: message.own })}\n`)
        .join('');
      this.#waitMs = Math.min(LATE_MS, Math.max(SOON_MS, body.length / BYTES_A_MS));
      // Without it the page works all the same, and says when the program is gone.
      await this.#fetch(url, { method: 'PUT', headers, body }).catch(() => {});
    }
    this.#timer = undefined;
  }

  #newest(): SeenMessage[] {
    const newest: SeenMessage[] = [];
    let bytes = 0;
    for (const message of this.#options.messages().slice(-MOST_MESSAGES).reverse()) {
      bytes += message.message.payload.length;
      if (bytes > MOST_BYTES) break;
      newest.push(message);
    }
    return newest.reverse();
  }

  /** A browser's own `fetch` is to be called as a function, and not as a method. */
  #fetch(url: URL, init: RequestInit): Promise<Response> {
    const { fetch: fetching = fetch } = this.#options;
    return fetching(url, init);
  }
}
