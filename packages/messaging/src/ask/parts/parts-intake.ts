import { isIntersectError, MessageError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import {
  PART_HEADER,
  type PartKind,
  type Progress,
  partKindOf,
  progressOf,
  SEQ_HEADER,
  seqOf,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../../brokers/broker-group.js';
import { lossInAnswer } from '../../observe/lost-digits.js';
import type { Observers } from '../../observe/observers.js';
import type { ArrivedAnswer, ReadingOptions } from '../answers/responses.js';
import { payloadProblem } from '../intake-limits.js';
import type { PendingRequest } from '../pending-request.js';
import type { PendingRequests } from '../pending-requests.js';
import { answerMismatch, begunAnewError, silentError } from '../request-errors.js';
import { CancelledRequests } from './cancelled-requests.js';
import { type ControlledRequest, Controls } from './controls.js';
import { SilenceWatch } from './silence-watch.js';

/** How often missing items are asked for again, and how often a reader that waits says that it is there, in ms. */
const ASK_AGAIN_AFTER_MS = 5_000;
const STILL_READS_AFTER_MS = 20_000;

interface PartsIntakeOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
  readonly observers: Observers;
  readonly pending: PendingRequests;
  readonly reading: ReadingOptions;
  /** Takes an answer that had to wait for items. */
  readonly receive: (entry: PendingRequest, arrived: ArrivedAnswer) => void;
}

/** What comes before an answer: signs of life, progress, items. Tells the service what the caller makes of it. */
export class PartsIntake {
  readonly #options: PartsIntakeOptions;
  readonly #controls: Controls;
  readonly #silence: SilenceWatch;
  readonly #cancelled = new CancelledRequests();

  constructor(options: PartsIntakeOptions) {
    this.#options = options;
    this.#controls = new Controls(options);
    this.#silence = new SilenceWatch({
      isConnected: () => options.brokers.connected,
      onSilent: (entry, idleMs) => options.pending.reject(entry, silentError(entry, idleMs)),
    });
  }

  /** Whether the service can be told how far a stream was read, as far as is known. */
  mayControl(destination: string): boolean {
    return !this.#controls.isRefused(destination);
  }

  /** Begins to take what comes of this request. */
  open(entry: PendingRequest): void {
    entry.parts?.items?.listen({
      onRead: (count) => void this.#tellRead(entry, count),
    });
  }

  /** Takes a part. One of a request that has ended is dropped. */
  take(message: WireMessage, broker: string): void {
    const { wire, source, pending } = this.#options;
    try {
      const headers = wire.parseUserspaceHeaders(message.headers);
      const entry = pending.get(headers.requestId);
      if (!entry) {
        this.#cancelLate(headers);
        return;
      }
      // The answer is here, and what comes after it says nothing more.
      if (entry.data?.reading) return;
      const kind = partKindOf(message.headers);
      const { parts } = entry;
      const problem = answerMismatch(headers, source, entry);
      if (problem !== undefined || !parts) {
        throw new MessageError(
          'RESPONSE_UNEXPECTED',
          problem ?? `${headers.source} sent a part that nobody asked for.`,
        );
      }
      wire.assertCompatibleVersion(headers.sdkVersion, headers.source);
      pending.accepted(entry);
      if (kind !== 'taken' && isOfOtherRun(entry, message)) return;
      if (!parts.isTaken) {
        parts.isTaken = true;
        if (parts.isOpenEnded) entry.dueAtMs = Number.POSITIVE_INFINITY;
      }
      if (parts.idleTimeoutMs !== undefined) this.#silence.heard(entry, parts.idleTimeoutMs);
      this.#takePart(kind, entry, { message, headers, broker, sentAtMs: entry.sentAtMs });
    } catch (error) {
      this.#options.observers.refused(
        { kind: 'message-refused', channel: message.channel, broker, error },
        message,
      );
    }
  }

  /** Whether the answer can be taken now. Of a stream, only when all items are here: then it is handed back. */
  mayTake(entry: PendingRequest, arrived: ArrivedAnswer): boolean {
    const items = entry.parts?.items;
    if (!items) return true;
    if (isOfOtherRun(entry, arrived.message)) return false;
    entry.parts?.runs.read(arrived.message.headers);
    const total = seqOf(arrived.message.headers);
    if (total === undefined) return true;
    items.end(total);
    if (items.isComplete) return true;
    if (entry.parts) entry.parts.held = arrived;
    this.#askWhileHeld(entry);
    return false;
  }

  /** The answer is here, and its data are being read: the service has no more to say, however long that takes. */
  answered(entry: PendingRequest): void {
    this.#silence.forget(entry);
  }

  /** Whether this is about a request that the caller has ended, so that nobody is surprised. */
  isCancelled(headers: UserspaceHeaders): boolean {
    return this.#cancelled.has(headers);
  }

  /** The request has ended, with this error if it has no answer. */
  ended(entry: PendingRequest, error: unknown): void {
    const { parts } = entry;
    if (!parts) return;
    this.#silence.forget(entry);
    clearTimeout(parts.asking);
    if (error === undefined) return;
    // A stream without a reader would wait for one.
    const isUnread = parts.items !== undefined && !(isIntersectError(error) && error.code === 'REMOTE_ERROR');
    // It does not go away at the broker by itself, and no service has shown that it has it.
    const isLeftBehind = parts.isOpenEnded && !parts.isTaken;
    if (!parts.isCancelled && !isUnread && !isLeftBehind) return;
    const request = controlled(entry);
    this.#cancelled.add(request, parts.isTaken);
    if (parts.isTaken) void this.#controls.send('cancel', request);
  }

  #takePart(kind: PartKind | undefined, entry: PendingRequest, arrived: ArrivedAnswer): void {
    if (kind === 'taken') this.#takeTaken(entry, arrived.headers);
    else if (kind === 'alive') this.#stillReads(entry);
    else if (kind === 'progress') this.#takeProgress(entry, arrived);
    else if (kind === 'items') this.#takeItems(entry, arrived);
    else if (kind === undefined) {
      throw new MessageError('HEADERS_INVALID', 'A part of an answer cannot be read', {
        issues: [{ path: PART_HEADER, message: 'is not known' }],
      });
    }
  }

  /** A service says once that it has a request. A second time it is another process, to which a broker gave the request again. */
  #takeTaken(entry: PendingRequest, { messageId }: UserspaceHeaders): void {
    const { parts } = entry;
    if (!parts) return;
    const { items, runs } = parts;
    if (!runs.isTakenAgain(messageId) || !items || items.next === 0) return;
    // It need not give what was read.
    if (items.mayBeginAnew) items.tellRead();
    else this.#options.pending.reject(entry, begunAnewError(entry, items.next));
  }

  #takeProgress({ parts, request }: PendingRequest, arrived: ArrivedAnswer): void {
    const { onProgress } = parts ?? {};
    if (!onProgress) return;
    const progress = progressOf(this.#decode(arrived));
    const failed = (error: unknown): void => {
      const { destination, operation } = request;
      this.#options.observers.report({ kind: 'handler-failed', destination, operation, error });
    };
    try {
      // An async function is none of those that are asked for, but whoever gives one shall not be ended by it.
      const told: unknown = (onProgress as (progress: Progress) => unknown)(progress);
      if (told instanceof Promise) told.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #takeItems(entry: PendingRequest, arrived: ArrivedAnswer): void {
    const { items, held } = entry.parts ?? {};
    const seq = seqOf(arrived.message.headers);
    const values = this.#decode(arrived);
    if (seq === undefined || !Array.isArray(values)) {
      throw new MessageError('HEADERS_INVALID', 'Items of a stream cannot be read', {
        issues: [{ path: SEQ_HEADER, message: 'must be the number of the first item of a list' }],
      });
    }
    if (!items)
      throw new MessageError(
        'RESPONSE_UNEXPECTED',
        `${arrived.headers.source} sent items that nobody asked for.`,
      );
    entry.parts?.runs.read(arrived.message.headers);
    items.take(seq, { values, bytes: arrived.message.payload.byteLength });
    if (items.isOverrun) {
      const text = `${arrived.headers.source} sends items without waiting until they are read, so the stream of ${arrived.headers.operationId} was ended.`;
      this.#options.pending.reject(entry, new MessageError('RESPONSE_UNEXPECTED', text));
    } else if (held && items.isComplete) this.#options.receive(entry, held);
    else if (items.hasGap) this.#askForMissing(entry);
  }

  #decode({ message, headers }: ArrivedAnswer): unknown {
    const { lostDigits, maxPayloadBytes } = this.#options.reading;
    const tooLarge = payloadProblem(message, maxPayloadBytes);
    if (tooLarge) throw tooLarge;
    const { source, operationId: operation, requestId } = headers;
    const { payload: bytes, contentType, channel } = message;
    return lostDigits.decode({ bytes, contentType, isOwn: false }, () =>
      lossInAnswer(operation, { channel, source, operation, requestId }),
    );
  }

  /** At most once in some seconds: what is missing may be on its way. */
  #askForMissing(entry: PendingRequest): void {
    const { parts } = entry;
    const now = performance.now();
    if (!parts?.items || now - parts.askedAtMs < ASK_AGAIN_AFTER_MS) return;
    parts.askedAtMs = now;
    void this.#controls.send('resend', controlled(entry), parts.items.next);
  }

  /** Nothing else comes after the answer that would be a reason to ask again. */
  #askWhileHeld(entry: PendingRequest): void {
    const { parts } = entry;
    if (!parts || !this.#options.pending.waits(entry)) return;
    // The answer can come twice.
    clearTimeout(parts.asking);
    this.#askForMissing(entry);
    parts.asking = setTimeout(() => this.#askWhileHeld(entry), ASK_AGAIN_AFTER_MS);
  }

  #stillReads(entry: PendingRequest): void {
    const { items, toldAtMs } = entry.parts ?? {};
    if (!items || toldAtMs === undefined) return;
    if (items.hasGap) this.#askForMissing(entry);
    if (performance.now() - toldAtMs >= STILL_READS_AFTER_MS) items.tellRead();
  }

  async #tellRead(entry: PendingRequest, count: number): Promise<void> {
    const { pending } = this.#options;
    const { parts } = entry;
    if (!pending.waits(entry) || !parts?.isTaken) return;
    parts.toldAtMs = performance.now();
    const refusal = await this.#controls.send('credit', controlled(entry), count);
    if (refusal) pending.reject(entry, refusal);
  }

  #cancelLate(headers: UserspaceHeaders): void {
    const untold = this.#cancelled.takeUntold(headers);
    if (untold) void this.#controls.send('cancel', untold);
  }
}

/** Whether this is of another run than the stream that is read, whose items could be others. */
function isOfOtherRun({ parts }: PendingRequest, { headers }: WireMessage): boolean {
  return parts?.items !== undefined && !parts.items.mayBeginAnew && parts.runs.isOther(headers);
}

function controlled({ requestId, request: { destination, operation } }: PendingRequest): ControlledRequest {
  return { requestId, destination, operation };
}
