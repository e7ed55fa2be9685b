// A transport for a protocol that has no headers. The README has the protocol, and walks through this file.
import { connect, type Socket } from 'node:net';
import {
  decodeFrame,
  encodeFrame,
  type IntersectError,
  MAX_FRAME_HEADER_BYTES,
  TransportError,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  createTransport,
  type Link,
  type LinkEvents,
  type PublishOutcome,
  type SubscriptionSpec,
  type SupervisorOptions,
  type Transport,
  type TransportDriver,
} from '@intersect-sdk/transport';

export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + MAX_FRAME_HEADER_BYTES + 1024;
const CONNECT_TIMEOUT_MS = 10_000;

export interface HubOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  readonly port: number;
  /** Who connects, in one word. */
  readonly name: string;
  readonly password: string;
}

/** A long-lived, reconnecting transport to a hub. */
export function hubTransport(hub: HubOptions, options: SupervisorOptions = {}): Transport {
  return createTransport(hubDriver(hub), options);
}

/** What any connection to a hub can promise, and how to open one. */
export function hubDriver({ host = '127.0.0.1', port, name, password }: HubOptions): TransportDriver {
  return {
    name: `hub ${host}:${port} as ${name}`,
    capabilities: {
      headers: 'framed',
      publishConfirm: true,
      reportsUnroutable: true,
      // The hub forgets a subscription, and what waits for it, with its connection.
      acknowledge: 'on-receipt',
      durable: false,
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
    },
    async open(events, { signal }) {
      const link = new HubLink(connect({ host, port, noDelay: true, keepAlive: true }), events);
      const giveUp = (): void => link.destroy();
      signal.addEventListener('abort', giveUp, { once: true });
      await link.greet(name, password).finally(() => signal.removeEventListener('abort', giveUp));
      return link;
    },
  };
}

/** One connection to a hub, from open to its end. */
class HubLink implements Link {
  readonly #socket: Socket;
  readonly #events: LinkEvents;
  readonly #packets = new PacketReader();
  readonly #specs = new Map<string, SubscriptionSpec>();
  /** Those who asked the hub. It answers in the order of the questions, so answers need no number. */
  readonly #waiting: { resolve(answer: readonly string[]): void; reject(error: Error): void }[] = [];
  #greeted = false;
  #ended = false;

  constructor(socket: Socket, events: LinkEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (cause) => this.#lose(this.#endedError(cause)));
    socket.on('close', () => this.#lose(this.#endedError()));
    const silent = new TransportError('CONNECT_TIMEOUT', 'The hub did not answer in time.');
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => this.#lose(silent));
  }

  async greet(name: string, password: string): Promise<void> {
    const [answer] = await this.#ask(`hello ${name}`, Buffer.from(password));
    if (answer !== 'yes') {
      this.destroy();
      throw new TransportError('AUTH_REFUSED', `The hub refused the password of ${name}.`);
    }
    this.#socket.setTimeout(0);
    this.#greeted = true;
  }

  async publish(message: WireMessage): Promise<PublishOutcome> {
    const [, receivers] = await this.#ask(`publish ${message.channel}`, encodeFrame(message));
    return { routed: receivers === '0' ? 'no' : 'yes' };
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    // Before the answer: the first message can come in together with it.
    this.#specs.set(spec.id, spec);
    await this.#ask(`subscribe ${spec.id} ${spec.concurrency} ${spec.channel}`);
  }

  async unsubscribe(spec: SubscriptionSpec): Promise<void> {
    this.#specs.delete(spec.id);
    await this.#ask(`unsubscribe ${spec.id}`);
  }

  /** All that was said goes out; then the hub closes its end too. */
  close(): Promise<void> {
    this.#end(this.#endedError());
    return new Promise((resolve) => this.#socket.once('close', () => resolve()).end());
  }

  destroy(): void {
    this.#end(this.#endedError());
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    try {
      for (const { words, content } of this.#packets.read(bytes)) {
        const [kind, id = '', channel = ''] = words;
        if (kind === 'message') this.#deliver(id, channel, content);
        else this.#waiting.shift()?.resolve(words);
      }
    } catch (cause) {
      this.#lose(new TransportError('PROTOCOL_REFUSED', 'What answers does not speak as a hub.', { cause }));
    }
  }

  #deliver(id: string, channel: string, frame: Buffer): void {
    const handled = (): void => this.#send(`handled ${id}`);
    try {
      const message = { channel, ...decodeFrame(frame) };
      // Never rejects. False: leave the message to the hub.
      const delivered = this.#specs.get(id)?.deliver(message, { redelivered: false });
      void delivered?.then((done) => done && handled());
    } catch (error) {
      this.#events.refused(channel, error as IntersectError);
      handled();
    }
  }

  #ask(line: string, content?: Uint8Array): Promise<readonly string[]> {
    if (this.#ended) return Promise.reject(this.#endedError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#send(line, content);
    });
  }

  #send(line: string, content?: Uint8Array): void {
    if (!this.#ended) this.#socket.write(packet(line, content));
  }

  /** The connection ended, and not because this program closed it. */
  #lose(error: TransportError): void {
    if (this.#ended) return;
    this.#end(error);
    this.#socket.destroy();
    this.#events.lost(error);
  }

  /** From now on nothing is delivered, and what waits is rejected. */
  #end(error: TransportError): void {
    this.#ended = true;
    this.#specs.clear();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #endedError(cause?: Error): TransportError {
    return this.#greeted
      ? new TransportError('CONNECTION_LOST', 'The connection to the hub has ended.', { cause })
      : new TransportError('CONNECT_REFUSED', 'The hub took no connection. Is it running?', { cause });
  }
}

/** The length of the rest in four bytes, a line of words, and what the line is about. */
export function packet(line: string, content: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.from(`    ${line}\n`);
  head.writeUInt32BE(head.length - 4 + content.length);
  return Buffer.concat([head, content]);
}

/** Cuts what comes in on a connection into packets. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);

  *read(bytes: Buffer): Generator<{ readonly words: readonly string[]; readonly content: Buffer }> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readUInt32BE();
      if (end > MAX_PACKET_BYTES) throw new Error('A packet beyond the limit.');
      if (this.#rest.length < end) return;
      const lineEnd = this.#rest.indexOf('\n', 4);
      if (lineEnd < 0 || lineEnd >= end) throw new Error('A packet without a line.');
      const words = this.#rest.toString('utf8', 4, lineEnd).split(' ');
      const content = this.#rest.subarray(lineEnd + 1, end);
      this.#rest = this.#rest.subarray(end);
      yield { words, content };
    }
  }
}
