import { isIntersectError, type UserspaceHeaders } from '@intersect-sdk/core';
import { ALIVE_EVERY_MS, encodeUtf8, inTurn, onAbort } from '@intersect-sdk/core/internal';
import type { Reporter } from '@intersect-sdk/messaging';
import { identityOf } from '../answer/replies.js';
import { abortable } from '../limits/abortable.js';
import { OutgoingItems } from './outgoing-items.js';
import type { PartSender } from './part-sender.js';

/** Who is away this long has missed it for good: the next one tells the same. */
const ALIVE_EXPIRES_MS = 15_000;
/** How long one that reads no further may say nothing, in ms: as long as brokers keep a client's session. */
const READER_GONE_MS = 300_000;
const NOTHING = encodeUtf8('null');

interface LiveRequestOptions {
  readonly headers: UserspaceHeaders;
  readonly sender: PartSender;
  /** Whether the asker takes the items of a stream one by one. */
  readonly takesItems: boolean;
  readonly report: Reporter;
  /** Aborts when the service begins to stop. */
  readonly stopping: AbortSignal;
  /** Called when the asker was told for the first time. */
  readonly onAnnounced: (request: LiveRequest) => void;
}

/** A request whose asker understands more than one answer: what it is told meanwhile, and how it cancels. */
export class LiveRequest {
  readonly headers: UserspaceHeaders;
  /** The items on their way, if it is a stream that its asker takes one by one. */
  readonly items: OutgoingItems | undefined;
  readonly #options: LiveRequestOptions;
  readonly #ending = abortable();
  readonly #stopListening: () => void;
  #isCancelled = false;
  #announced = false;
  #ended = false;
  /** The newest that is not out. */
  #progress: Uint8Array | undefined;
  #telling = false;
  #heardAtMs = performance.now();

  constructor(options: LiveRequestOptions) {
    this.#options = options;
    this.headers = options.headers;
    const { stopping } = options;
    // By hand, since a signal that follows others takes longer to make than all the rest of a request.
    this.#stopListening = onAbort(stopping, () => this.#ending.abort(stopping.reason));
    if (stopping.aborted) this.#ending.abort(stopping.reason);
    if (options.takesItems) {
      this.items = new OutgoingItems({
        send: (payload, seq) => this.#sendItems(payload, seq),
        onAskerGone: () => this.cancel('The asker is gone'),
      });
    }
  }

  /** Aborts when the request is cancelled, and when the service begins to stop. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether the asker wants no answer any more, or is gone and reads its stream no more. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Tells the asker that the request is here, unless that was told or is over. */
  announce(): void {
    if (this.#announced || this.#ended) return;
    this.#announce();
    this.#options.sender.send('taken', { payload: NOTHING, durable: true }).catch(this.#notSent);
  }

  /** Tells the asker that the request is still here. */
  alive(): void {
    if (this.#ended) return;
    const isUnread = this.items?.isFull === true;
    if (isUnread && performance.now() - this.#heardAtMs > READER_GONE_MS) {
      this.cancel('The asker reads no more');
    }
    const { sender } = this.#options;
    if (!sender.connected) return;
    const options = { durable: false, timeoutMs: ALIVE_EVERY_MS, expiresAfterMs: ALIVE_EXPIRES_MS };
    // Another one follows.
    sender.send('alive', { payload: NOTHING, ...options }).catch(() => {});
  }

  /** Tells the asker how far it is; the newest, where one comes before the other is out. */
  progress(payload: Uint8Array): void {
    if (this.#ended) return;
    this.#progress = payload;
    if (this.#telling) return;
    this.#telling = true;
    inTurn(() => void this.#tellProgress());
  }

  /** The asker has said something about the request. */
  heard(): void {
    this.#heardAtMs = performance.now();
  }

  cancel(why = 'The asker cancelled the request'): void {
    this.#isCancelled = true;
    this.#ending.abort(new DOMException(why, 'AbortError'));
  }

  /** The answer is known, and goes out now. */
  end(): void {
    const last = this.#progress;
    this.#progress = undefined;
    if (last) void this.#sendProgress(last);
    this.#ended = true;
    this.#stopListening();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#options.onAnnounced(this);
  }

  #sendItems(payload: Uint8Array, seq: number): Promise<void> {
    this.#announce();
    return this.#options.sender.send('items', { payload, seq, durable: true, mustRoute: true });
  }

  async #tellProgress(): Promise<void> {
    for (let next = this.#progress; next && !this.#ended; next = this.#progress) {
      this.#progress = undefined;
      await this.#sendProgress(next);
    }
    this.#telling = false;
  }

  #sendProgress(payload: Uint8Array): Promise<void> {
    this.#announce();
    return this.#options.sender.send('progress', { payload, durable: true }).catch(this.#notSent);
  }

  readonly #notSent = (error: unknown): void => {
    // What a lost connection or the end of the service takes with it is told there.
    const isOwn =
      isIntersectError(error) && (error.code === 'PAYLOAD_TOO_LARGE' || error.code === 'PUBLISH_REFUSED');
    if (isOwn) this.#options.report({ kind: 'publish-failed', ...identityOf(this.headers), error });
  };
}
