import type { UserspaceHeaders } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, PART_HEADER, type PartKind, SEQ_HEADER } from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '@intersect-sdk/messaging';
import type { PublishOptions, Transport } from '@intersect-sdk/transport';
import type { Replies } from '../answer/replies.js';

/** Where parts of an answer go out. */
export interface PartOutlet {
  readonly brokers: Pick<BrokerGroup, 'publishNear' | 'connected'>;
  /** Where the request came from. */
  readonly broker: Transport;
}

interface Part extends PublishOptions {
  readonly payload: Uint8Array;
  /** The number of its first item. */
  readonly seq?: number | undefined;
}

/** Sends what goes to the asker of one request before its answer. */
export class PartSender {
  readonly #headers: UserspaceHeaders;
  readonly #outlet: PartOutlet;
  readonly #replies: Replies;

  constructor(headers: UserspaceHeaders, outlet: PartOutlet, replies: Replies) {
    this.#headers = headers;
    this.#outlet = outlet;
    this.#replies = replies;
  }

  /** Whether there is a broker to send by. */
  get connected(): boolean {
    return this.#outlet.brokers.connected;
  }

  /** Resolves when a broker has it. */
  send(kind: PartKind, { payload, seq, ...options }: Part): Promise<void> {
    const { brokers, broker } = this.#outlet;
    const message = this.#replies.answer(
      {
        headers: this.#headers,
        answerHeaders:
          seq === undefined ? { [PART_HEADER]: kind } : { [PART_HEADER]: kind, [SEQ_HEADER]: String(seq) },
      },
      { payload, contentType: DEFAULT_CONTENT_TYPE, dataHandler: 'MESSAGE' },
    );
    return brokers.publishNear(broker, message, options);
  }
}
