import { MessageError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import {
  ALIVE_EVERY_MS,
  acceptsOf,
  CONTROL_HEADER,
  controlKindOf,
  SEQ_HEADER,
  seqOf,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { Observers } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../../compile/compiled.js';
import type { Replies } from '../answer/replies.js';
import { LeftStreams } from './left-streams.js';
import { LiveRequest } from './live-request.js';
import { type PartOutlet, PartSender } from './part-sender.js';

interface LiveRequestsOptions {
  readonly wire: Wire;
  /** The service's own address. */
  readonly address: string;
  readonly observers: Observers;
  readonly replies: Replies;
}

/** Where a request that begins belongs. */
interface Opening {
  readonly outlet: PartOutlet;
  readonly operation: CompiledOperation;
  /** Aborts when the service begins to stop. */
  readonly stopping: AbortSignal;
}

/**
 * The requests of askers that understand more than one answer. Each of those that were told that they are here is told so again every
 * 5 s, by one timer for all. What askers say about them comes in here.
 */
export class LiveRequests {
  readonly #options: LiveRequestsOptions;
  readonly #requests = new Map<string, LiveRequest>();
  readonly #announced = new Set<LiveRequest>();
  readonly #left = new LeftStreams((request) => this.#forget(request));
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LiveRequestsOptions) {
    this.#options = options;
  }

  /** Undefined for an asker that wants one answer and nothing else. */
  open(
    { headers: raw }: WireMessage,
    headers: UserspaceHeaders,
    { outlet, operation, stopping }: Opening,
  ): LiveRequest | undefined {
    const { parts, stream } = acceptsOf(raw);
    if (!parts && !stream) return undefined;
    const { replies, observers } = this.#options;
    const request = new LiveRequest({
      headers,
      sender: new PartSender(headers, outlet, replies),
      takesItems: stream && operation.item !== undefined,
      report: observers.report,
      stopping,
      onAnnounced: this.#onAnnounced,
    });
    this.#requests.set(keyOf(headers), request);
    return request;
  }

  /** The answer of the request is known, and goes out now. */
  close(request: LiveRequest): void {
    request.end();
    this.#announced.delete(request);
    if (request.items === undefined) {
      this.#forget(request);
    } else {
      this.#left.add(request);
      this.#tickWhileNeeded();
    }
  }

  /**
   * A message of an asker about one of its requests. What is about none that is here is dropped: each instance of a service gets it, and
   * it may come late.
   */
  control(message: WireMessage, broker: string): void {
    const { wire, address, observers } = this.#options;
    try {
      const headers = wire.parseUserspaceHeaders(message.headers);
      const kind = controlKindOf(message.headers);
      const seq = seqOf(message.headers);
      const issues = [
        ...(kind === undefined ? [{ path: CONTROL_HEADER, message: 'is not known' }] : []),
        ...(kind !== 'cancel' && seq === undefined
          ? [{ path: SEQ_HEADER, message: 'must be a number' }]
          : []),
        ...(headers.destination === address ? [] : [{ path: 'destination', message: 'is not this service' }]),
      ];
      if (issues.length > 0)
        throw new MessageError('HEADERS_INVALID', 'A control message cannot be read', { issues });
      const request = this.#requests.get(keyOf(headers));
      request?.heard();
      if (kind === 'cancel') request?.cancel();
      else if (kind === 'resend') request?.items?.resend(seq as number);
      else if (request) this.#credit(request, seq as number);
    } catch (error) {
      observers.refused({ kind: 'message-refused', channel: message.channel, broker, error }, message);
    }
  }

  #credit(request: LiveRequest, count: number): void {
    request.items?.credit(count);
    this.#left.read(request);
  }

  readonly #onAnnounced = (request: LiveRequest): void => {
    this.#announced.add(request);
    this.#tickWhileNeeded();
  };

  #tickWhileNeeded(): void {
    const needed = this.#announced.size + this.#left.size > 0;
    if (needed) this.#timer ??= setInterval(() => this.#tick(), ALIVE_EVERY_MS).unref();
    if (needed || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    for (const request of this.#announced) request.alive();
    this.#left.dropOld();
    this.#tickWhileNeeded();
  }

  #forget(request: LiveRequest): void {
    request.items?.end();
    const key = keyOf(request.headers);
    if (this.#requests.get(key) === request) this.#requests.delete(key);
  }
}

function keyOf({ source, requestId }: UserspaceHeaders): string {
  return `${source} ${requestId}`;
}
