import { newId } from '@intersect-sdk/core';
import {
  type Asker,
  BrokerGroup,
  type CheckedRequest,
  type DataPlane,
  EventStreams,
  Finish,
  MessageWatches,
  type NextTold,
  nextToldOf,
  type Observers,
  type ParticipantRun,
  ping,
  Requester,
  type ResolvedEventsOptions,
  ToldStatusListeners,
} from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import type { EventCallback, ResponseCallback } from './callbacks.js';
import type { ResolvedClientConfig } from './config.js';
import { Conversation } from './conversation.js';

/** How many events may wait for an event callback; more are dropped, oldest first, and reported. */
const CALLBACK_EVENTS: ResolvedEventsOptions = {
  bufferSize: 10_000,
  overflow: 'drop-oldest',
  signal: undefined,
};

export interface RunOptions {
  readonly transports: readonly Transport[];
  readonly config: ResolvedClientConfig;
  readonly campaignId: string;
  readonly userCallback: ResponseCallback | undefined;
  readonly eventCallback: EventCallback | undefined;
  readonly observers: Observers;
  readonly data: DataPlane;
  /** Sends by the requester of this run. */
  readonly asker: Asker;
  /** What to send when everything is up. */
  readonly firstMessages: readonly CheckedRequest[];
  readonly onFirstMessagesSent: () => void;
}

/** What a client has and does from a startup to the shutdown that follows. */
export class ClientRun implements ParticipantRun {
  readonly brokers: BrokerGroup;
  readonly requester: Requester;
  readonly #options: RunOptions;
  readonly #conversation: Conversation;
  readonly events: EventStreams;
  readonly statuses: ToldStatusListeners;
  readonly nextTold: NextTold;
  readonly watches: MessageWatches;
  readonly #finish = new Finish();

  constructor(options: RunOptions) {
    const { transports, config, campaignId, userCallback, eventCallback, observers, data, asker } = options;
    const { wire, address: source, keepSessionMs } = config;
    const { maxPayloadBytes, integers, maxPendingRequests } = config;
    this.#options = options;
    const session = { id: `intersect-${newId()}`, keepForMs: keepSessionMs, keepAfterClose: false };
    this.brokers = new BrokerGroup(transports, { session, observers });
    this.requester = new Requester({
      wire,
      brokers: this.brokers,
      source,
      campaignId,
      observers,
      data,
      maxPayloadBytes,
      integers,
      maxPendingRequests,
    });
    const { brokers } = this;
    const listening = {
      wire,
      brokers,
      observers,
      data,
      retention: 'session',
      maxPayloadBytes,
      integers,
    } as const;
    this.events = new EventStreams(listening);
    this.statuses = new ToldStatusListeners(listening);
    this.nextTold = nextToldOf(listening);
    const place = { wire, requester: () => this.requester };
    this.watches = new MessageWatches({
      wire,
      brokers,
      observers,
      own: source,
      isThere: async (about, { signal }) => (await ping(about, { signal }, place)).state,
    });
    void brokers.failed.then((error) => this.#onFailed(error));
    this.#conversation = new Conversation({
      wire,
      canStore: data.canStore,
      asker,
      ended: this.requester.ended,
      campaignId,
      userCallback,
      eventCallback,
      openEvents: (params) => this.events.open(params, CALLBACK_EVENTS),
      observers,
      onEnd: this.#finish.end,
    });
  }

  /** Resolves when the brokers confirmed every subscription and each message was tried once: a broker has it, or it will be sent again. */
  async begin(signal: AbortSignal): Promise<void> {
    const { config, firstMessages: send, onFirstMessagesSent } = this.#options;
    const { initial, terminateAfterInitialMessages } = config;
    await this.brokers.connect(signal);
    if (terminateAfterInitialMessages) {
      await this.#tellAll(send, signal);
    } else {
      await this.requester.start('session');
      await this.#conversation.carryOut({ ...initial, send });
    }
    onFirstMessagesSent();
  }

  /** Resolves when each was tried once. The run is finished when brokers have all of them. */
  async #tellAll(messages: readonly CheckedRequest[], signal: AbortSignal): Promise<void> {
    const { asker } = this.#options;
    const told: Promise<void>[] = [];
    const tried = messages.map(
      (request) =>
        new Promise<void>((resolve, reject) => {
          const taken = asker.tell(request, { signal, onWait: resolve });
          told.push(taken);
          taken.then(resolve, reject);
        }),
    );
    await allOrFirstError(tried);
    void allOrFirstError(told).then(() => this.#finish.end(), this.#finish.end);
  }

  get finished(): Promise<void> {
    return this.#finish.promise;
  }

  abandon(): Promise<void> {
    return this.end();
  }

  /** Calls no callback any more, ends what waits, and disconnects; nothing is left at the brokers. */
  async end(): Promise<void> {
    this.#conversation.end();
    this.events.end();
    this.statuses.end();
    void this.watches.end();
    this.requester.abortAll('the client was shut down before the answer came.');
    const { config, data } = this.#options;
    await Promise.all([this.brokers.drain(config.shutdownTimeoutMs), data.end(config.shutdownTimeoutMs)]);
    this.#finish.end();
  }

  /** No broker can be used any more: nothing that waits will ever get what it waits for. */
  #onFailed(error: Error): void {
    this.events.fail(error);
    this.watches.fail(error);
    this.#finish.end(error);
  }
}

/** Waits for all, and throws the first error only then: there is nobody to tell of one message, but the others shall have a broker first. */
async function allOrFirstError(promises: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(promises);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
