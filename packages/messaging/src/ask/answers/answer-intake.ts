import { type Integers, MessageError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import { CONTROL_HEADER, PART_HEADER, UNREAD_HEADER, type Wire } from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../../brokers/broker-group.js';
import type { GroupDelivery } from '../../brokers/group-subscription.js';
import type { DataPlane } from '../../data/data-plane.js';
import { LostDigits } from '../../observe/lost-digits.js';
import type { Observers } from '../../observe/observers.js';
import { MAX_PAYLOAD_BYTES } from '../intake-limits.js';
import { PartsIntake } from '../parts/parts-intake.js';
import type { PendingRequest } from '../pending-request.js';
import type { PendingRequests } from '../pending-requests.js';
import { RequestData } from '../request-data.js';
import { answerMismatch } from '../request-errors.js';
import { receiveAnswer } from './receive-answer.js';
import { type ArrivedAnswer, type ReadingOptions, responseOf, throwIfUnusable } from './responses.js';

interface AnswerIntakeOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
  readonly observers: Observers;
  readonly data: DataPlane;
  readonly pending: PendingRequests;
  /** Others ask as the same source, and each gets the answers of all. @default false */
  readonly hasSiblings?: boolean | undefined;
  readonly maxPayloadBytes?: number | undefined;
  readonly integers?: Integers | undefined;
  /** Takes what other askers say about requests that this program has. @default nothing is expected */
  readonly onControl?: ((message: WireMessage, broker: string) => void) | undefined;
}

/** Matches what comes on the response channel to what waits (protocol section 3), and reports what nobody waits for. */
export class AnswerIntake {
  readonly #options: AnswerIntakeOptions;
  readonly #reading: ReadingOptions;
  /** What comes before answers. */
  readonly parts: PartsIntake;

  constructor(options: AnswerIntakeOptions) {
    this.#options = options;
    const { wire, integers, maxPayloadBytes = MAX_PAYLOAD_BYTES } = options;
    const reading = { wire, maxPayloadBytes, lostDigits: new LostDigits(options.observers, { integers }) };
    this.#reading = reading;
    this.parts = new PartsIntake({
      ...options,
      reading,
      receive: (entry, arrived) => this.#receive(entry, arrived),
    });
  }

  take(message: WireMessage, { broker }: GroupDelivery): void {
    const { wire, source, pending, data, onControl } = this.#options;
    if (message.headers[PART_HEADER] !== undefined) {
      this.parts.take(message, broker.name);
      return;
    }
    if (onControl && message.headers[CONTROL_HEADER] !== undefined) {
      onControl(message, broker.name);
      return;
    }
    let headers: UserspaceHeaders;
    try {
      headers = wire.parseUserspaceHeaders(message.headers);
    } catch (error) {
      this.#refuse('message-refused', { message, broker: broker.name }, error);
      return;
    }
    const entry = pending.get(headers.requestId);
    // Each instance of a service gets the answers of all.
    if (!entry && this.#options.hasSiblings && !pending.isLate(headers)) return;
    const problem = answerMismatch(headers, source, entry);
    if (problem || !entry) {
      if (!entry && this.parts.isCancelled(headers)) return;
      const unexpected = new MessageError('RESPONSE_UNEXPECTED', problem ?? 'Nobody waits for it.');
      this.#refuse('response-refused', { message, broker: broker.name }, unexpected);
      const hasData = headers.dataHandler !== 'MESSAGE' && !headers.hasError;
      if (hasData && pending.isLate(headers)) void data.removeUnread(message);
      return;
    }
    pending.accepted(entry);
    // Progress: the answer is still to come, and this message has nothing to read.
    if (headers.state === 'progress') return;
    this.#receive(entry, { message, headers, sentAtMs: entry.sentAtMs, broker: broker.name });
  }

  #receive(entry: PendingRequest, arrived: ArrivedAnswer): void {
    const { message, headers } = arrived;
    if (entry.parts?.items && !this.parts.mayTake(entry, arrived)) return;
    if (message.headers[UNREAD_HEADER] !== undefined) entry.data?.leaveArgument();
    try {
      throwIfUnusable(arrived, this.#reading);
      if (headers.dataHandler !== 'MESSAGE' || entry.data?.isStream) {
        this.#receiveData(entry, arrived);
        return;
      }
      this.#options.pending.resolve(entry, message, responseOf(arrived, message.payload, this.#reading));
    } catch (error) {
      this.#failed(entry, arrived, error);
    }
  }

  /** Reads an answer that lies in a data store, or that is wanted as a stream. */
  #receiveData(entry: PendingRequest, arrived: ArrivedAnswer): void {
    const { pending, data } = this.#options;
    const { message, headers } = arrived;
    entry.data ??= new RequestData(entry);
    this.parts.answered(entry);
    receiveAnswer(arrived, this.#reading, {
      told: entry.data,
      plane: data,
      isWanted: () => pending.waits(entry),
      resolve: (response) => {
        // What was kept, or given as a stream that may be left, stays when the message comes once more.
        if (!entry.keepData && !entry.data?.isStream) pending.forget(headers);
        pending.resolve(entry, message, response);
      },
    }).catch((error) => this.#failed(entry, arrived, error));
  }

  #failed(entry: PendingRequest, arrived: ArrivedAnswer, error: unknown): void {
    const { pending } = this.#options;
    if (!pending.waits(entry)) return;
    // An error of the service or of a data store is nobody's fault but theirs. Every other one means a broken message, which is also reported.
    if (error instanceof MessageError) this.#refuse('message-refused', arrived, error);
    pending.reject(entry, error);
  }

  #refuse(
    kind: 'message-refused' | 'response-refused',
    { message, broker }: Pick<ArrivedAnswer, 'message' | 'broker'>,
    error: unknown,
  ): void {
    this.#options.observers.refused({ kind, channel: message.channel, broker, error }, message);
  }
}
