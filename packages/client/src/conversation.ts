import {
  type IntersectError,
  type Issue,
  isIntersectError,
  RequestError,
  ValidationError,
} from '@intersect-sdk/core';
import { asGiven, nextTurn, type Wire } from '@intersect-sdk/core/internal';
import {
  type Asker,
  asError,
  type CheckedRequest,
  type EventParams,
  type EventStream,
  type Observers,
} from '@intersect-sdk/messaging';
import {
  type CheckedCallback,
  checkCallbackResult,
  type EventCallback,
  type ResponseCallback,
  stop,
} from './callbacks.js';

export interface ConversationOptions {
  readonly wire: Wire;
  readonly asker: Asker;
  /** Aborts when no message of the conversation can be sent or answered any more. */
  readonly ended: AbortSignal;
  readonly campaignId: string;
  readonly userCallback: ResponseCallback | undefined;
  readonly eventCallback: EventCallback | undefined;
  readonly openEvents: (params: EventParams) => EventStream;
  readonly observers: Observers;
  /** Called once, when a callback said stop (no error) or can't go on. */
  readonly onEnd: (error?: Error) => void;
}

/** Sends messages and listens to events as the callbacks say, and hands each result to them. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #streams = new Map<string, EventStream>();
  #listeningChanged: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /**
   * Listens, stops listening, sends, in this order; resolves when the brokers have confirmed all of it. A message that is sent again is not
   * waited for after its first try.
   */
  async carryOut(next: CheckedCallback): Promise<void> {
    this.#throwIfUnheard(next);
    if (next.startListening.length + next.stopListening.length > 0) {
      // One callback after the other: what one is about to stop, the next may want to start.
      const changed = this.#listeningChanged.then(() => this.#changeListening(next));
      this.#listeningChanged = changed.catch(() => {});
      await changed;
    }
    await Promise.all(next.send.map((request) => this.#send(request)));
  }

  /** No callback is called any more. */
  end(): void {
    this.#ended = true;
  }

  /** Throws, before anything is done, when there is no callback for an outcome. */
  #throwIfUnheard({ startListening }: CheckedCallback): void {
    if (startListening.length > 0 && !this.#options.eventCallback) {
      const message = 'cannot be listened to: the client was made without an eventCallback';
      const issue: Issue = { path: 'servicesToStartListeningForEvents', message };
      throw new ValidationError('A callback asked for what has no callback', [issue]);
    }
  }

  /**
   * Resolves when a broker has the message, or when it is known that none takes it now; its outcome goes to the callback either way, once
   * it is not sent again, so that one message ends no other. Rejects where the whole run has ended.
   */
  #send(request: CheckedRequest): Promise<void> {
    const { asker, ended, userCallback } = this.#options;
    return new Promise((resolve, reject) => {
      let tried = false;
      const sentAtMs = Date.now();
      const onTried = (): void => {
        tried = true;
        resolve();
      };
      asker.send({ request, options: { onAccepted: onTried }, onWait: onTried }).then(
        (response) => {
          // Without the callback only the events that the message causes are wanted.
          if (!userCallback) return;
          const { source, operation, payload, ...details } = response;
          return this.#callInTurn('userCallback', () =>
            userCallback(source, operation, false, payload, { ...details, error: undefined }),
          );
        },
        (error: Error) => {
          if (!tried && ended.aborted) return reject(error);
          resolve();
          if (!userCallback) return this.#reportUnheard(request, error);
          const fromService = isIntersectError(error) && error.code === 'REMOTE_ERROR';
          return this.#callInTurn('userCallback', () =>
            userCallback(request.destination, request.operation, true, error.message, {
              requestId: error instanceof RequestError ? error.requestId : undefined,
              campaignId: this.#options.campaignId,
              headers: undefined,
              furtherHeaders: error instanceof RequestError ? error.furtherHeaders : {},
              contentType: fromService ? 'text/plain' : undefined,
              bytes: undefined,
              sentAtMs,
              receivedAtMs: Date.now(),
              error,
            }),
          );
        },
      );
    });
  }

  async #changeListening({ startListening, stopListening }: CheckedCallback): Promise<void> {
    await Promise.all(startListening.map((params) => this.#startListening(params)));
    await Promise.all(stopListening.map((params) => this.#stopListening(params)));
  }

  async #startListening(params: EventParams): Promise<void> {
    const { openEvents } = this.#options;
    const eventCallback = this.#options.eventCallback as EventCallback;
    const key = keyOf(params);
    if (this.#streams.has(key)) return;
    const stream = openEvents(params);
    this.#streams.set(key, stream);
    try {
      await stream.ready;
    } catch (error) {
      this.#streams.delete(key);
      throw error;
    }
    const wanted = (): boolean => this.#streams.get(key) === stream;
    // An error that ends a stream also ends the whole run, which reports it.
    this.#readEvents(stream, wanted, eventCallback).catch(() => {});
  }

  async #stopListening(params: EventParams): Promise<void> {
    const key = keyOf(params);
    const stream = this.#streams.get(key);
    this.#streams.delete(key);
    await stream?.stop();
  }

  async #readEvents(stream: EventStream, wanted: () => boolean, eventCallback: EventCallback): Promise<void> {
    for await (const { source, capabilityName, eventName, payload, ...details } of stream) {
      // What is still buffered after 'stop listening' is no longer wanted.
      if (!wanted()) return;
      await this.#call('eventCallback', () =>
        eventCallback(source, capabilityName, eventName, payload, details),
      );
    }
  }

  /** As `#call`, so that an object which several callbacks change says for each what it said then. */
  #callInTurn(name: string, callback: () => unknown): Promise<void> {
    return nextTurn().then(() => this.#call(name, callback));
  }

  /** Calls a callback and does what it says. */
  async #call(name: string, callback: () => unknown): Promise<void> {
    if (this.#ended) return;
    const { wire } = this.#options;
    try {
      const check = (result: unknown) => checkCallbackResult(result, { callback: name, wire });
      const next = await asGiven(callback(), check);
      if (next === stop) this.#finish();
      else if (next && !this.#ended) await this.carryOut(next);
    } catch (thrown) {
      const error: IntersectError | Error = asError(thrown);
      if (!this.#ended) this.#options.observers.report({ kind: 'handler-failed', error });
      this.#finish(error);
    }
  }

  #reportUnheard({ destination, operation }: CheckedRequest, error: Error): void {
    this.#options.observers.report({ kind: 'request-failed', destination, operation, error });
  }

  #finish(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(error);
  }
}

function keyOf({ hierarchy, capabilityName, eventName }: EventParams): string {
  return `${hierarchy} ${capabilityName} ${eventName}`;
}
