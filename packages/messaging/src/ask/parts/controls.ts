import { isIntersectError } from '@intersect-sdk/core';
import {
  CONTROL_HEADER,
  type ControlKind,
  DEFAULT_CONTENT_TYPE,
  encodeUtf8,
  SEQ_HEADER,
} from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../../brokers/broker-group.js';
import type { Observers } from '../../observe/observers.js';
import { type AskerIdentity, askingHeaders } from '../asking-headers.js';

const SEND_TIMEOUT_MS = 30_000;
const NULL = encodeUtf8('null');

/** Which request a control message is about. */
export interface ControlledRequest {
  readonly requestId: string;
  readonly destination: string;
  readonly operation: string;
}

interface ControlsOptions extends AskerIdentity {
  readonly brokers: BrokerGroup;
  readonly observers: Observers;
}

/**
 * Tells services what is to be done with requests that they have, on their response channels: each instance of a service gets it there,
 * whatever waits on the request channel. Where the broker does not allow that, it is tried once.
 */
export class Controls {
  readonly #options: ControlsOptions;
  readonly #refused = new Set<string>();

  constructor(options: ControlsOptions) {
    this.#options = options;
  }

  /** Whether the broker has said that this program may tell that service nothing. */
  isRefused(destination: string): boolean {
    return this.#refused.has(destination);
  }

  /** Resolves when a broker has it, or when it is given up; with the error where the broker does not allow it. */
  async send(kind: ControlKind, request: ControlledRequest, seq?: number): Promise<Error | undefined> {
    const { destination } = request;
    const { brokers, observers } = this.#options;
    if (this.#refused.has(destination)) return undefined;
    const message = this.#message(kind, request, seq);
    try {
      await brokers.publishToOne(message, { durable: true, mustRoute: true, timeoutMs: SEND_TIMEOUT_MS });
      return undefined;
    } catch (error) {
      // Nobody is there any more, or the connection is lost: what it was about ends by itself then.
      if (!isIntersectError(error) || error.code !== 'PUBLISH_REFUSED') return undefined;
      if (!this.#refused.has(destination)) {
        this.#refused.add(destination);
        observers.report({
          kind: 'publish-failed',
          channel: message.channel,
          destination,
          message: [
            `The broker does not allow this program to tell ${destination} that a request is cancelled or how far a stream was read:`,
            'from now on a cancel ends the wait and nothing else, and streams come as one answer.',
            `Let it write to ${message.channel}.`,
          ].join(' '),
          error,
        });
      }
      return error;
    }
  }

  #message(kind: ControlKind, { requestId, destination, operation }: ControlledRequest, seq?: number) {
    const about = { requestId, destination, operation, dataHandler: 'MESSAGE' } as const;
    const further = { [CONTROL_HEADER]: kind, ...(seq !== undefined && { [SEQ_HEADER]: String(seq) }) };
    const headers = askingHeaders(this.#options, about, further);
    return {
      channel: this.#options.wire.responseChannel(destination),
      payload: NULL,
      contentType: DEFAULT_CONTENT_TYPE,
      headers,
    };
  }
}
