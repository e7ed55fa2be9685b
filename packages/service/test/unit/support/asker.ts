import {
  addressOf,
  decodePayload,
  encodePayload,
  encodeUserspaceHeaders,
  type Hierarchy,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  parseUserspaceHeaders,
  requestChannel,
  responseChannel,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { decodeText } from '@intersect-sdk/core/internal';
import type { Transport } from '@intersect-sdk/transport';
import { type MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';

export const HIERARCHY: Hierarchy = {
  organization: 'test-org',
  facility: 'test-fac',
  system: 'test-sys',
  service: 'test-svc',
};
export const ADDRESS = addressOf(HIERARCHY);
export const ASKER = 'test-org.test-fac.test-sys.-.asker';

export interface RequestParts {
  readonly payload?: unknown;
  /** Raw bytes instead of `payload`. */
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly headers?: Partial<UserspaceHeaders>;
  /** Headers as text, over all others; undefined removes one. */
  readonly raw?: Readonly<Record<string, string | undefined>>;
}

/** A request as a well-behaved asker would send it, apart from what `parts` says. */
export function request(operationId: string, parts: RequestParts = {}): WireMessage {
  const { contentType = 'application/json' } = parts;
  const headers: Record<string, string | undefined> = {
    ...encodeUserspaceHeaders({
      messageId: newId(),
      campaignId: newId(),
      requestId: newId(),
      source: ASKER,
      destination: ADDRESS,
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      operationId,
      dataHandler: 'MESSAGE',
      state: 'complete',
      ...parts.headers,
    }),
    ...parts.raw,
  };
  return {
    channel: requestChannel(ADDRESS),
    payload: parts.body ?? encodePayload(parts.payload, contentType || 'application/json'),
    contentType,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

export interface ReadReply {
  readonly headers: UserspaceHeaders;
  readonly hasError: boolean;
  readonly contentType: string;
  /** The JSON value, bytes, or for an error its sentence. */
  readonly value: unknown;
}

export function readReply(message: WireMessage): ReadReply {
  const headers = parseUserspaceHeaders(message.headers);
  const { contentType } = message;
  const value = headers.hasError ? decodeText(message.payload) : decodePayload(message.payload, contentType);
  return { headers, hasError: headers.hasError, contentType, value };
}

/** What arrives on a channel, one after the other. */
export class Inbox {
  readonly all: WireMessage[] = [];
  readonly #waiting: ((message: WireMessage) => void)[] = [];
  #read = 0;

  readonly handler = (message: WireMessage): void => {
    this.all.push(message);
    const waiting = this.#waiting.shift();
    if (!waiting) return;
    this.#read += 1;
    waiting(message);
  };

  next(): Promise<WireMessage> {
    const message = this.all[this.#read];
    if (!message) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#read += 1;
    return Promise.resolve(message);
  }
}

/** A program at the other end of the broker, without any SDK of its own. */
export class Asker implements AsyncDisposable {
  readonly transport: Transport;
  readonly replies = new Inbox();

  private constructor(transport: Transport) {
    this.transport = transport;
  }

  static async connect(broker: MemoryBroker): Promise<Asker> {
    const asker = new Asker(memoryTransport(broker));
    await asker.transport.connect();
    await asker.transport.subscribe(responseChannel(ASKER), asker.replies.handler);
    return asker;
  }

  async listen(channel: string): Promise<Inbox> {
    const inbox = new Inbox();
    await this.transport.subscribe(channel, inbox.handler);
    return inbox;
  }

  async ask(operation: string, parts: RequestParts = {}): Promise<ReadReply> {
    await this.transport.publish(request(operation, parts));
    return readReply(await this.replies.next());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close();
  }
}
