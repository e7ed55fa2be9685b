import { TransportError, type WireMessage } from '@intersect-sdk/core';
import type { IConnackPacket, MqttClient } from 'mqtt';
import { subscribeFailed, subscribeRefused } from '../errors/errors.js';
import type { ReceivedPublish } from '../in/received-publish.js';
import { joinBytes } from '../join-bytes.js';
import { type EncodeOptions, encodePuback, encodePublish } from '../out/encode.js';
import type { PacketIds } from '../out/packet-ids.js';
import { textProblem } from '../out/packet-limits.js';

/** What a connection tells its owner; messages can come before `openConnection` resolves. */
export interface ConnectionEvents {
  message(publish: ReceivedPublish): void;
  /** The broker's word on a QoS 1 publish. */
  confirmed(messageId: number, reasonCode: number): void;
  /** The connection ended without being closed by this side. Called at most once, possibly just before `openConnection` resolves. */
  lost(error: TransportError): void;
  /** Something that works, and that whoever runs the program should know. */
  notice?(message: string): void;
}

/** What the broker said about itself when it accepted. */
export interface BrokerLimits {
  readonly maximumQos: 0 | 1;
  readonly receiveMaximum: number;
  /** In bytes, with headers. */
  readonly maximumPacketSize: number;
  readonly subscriptionIdentifiers: boolean;
  readonly sharedSubscriptions: boolean;
}

export interface ConnectionParts {
  readonly client: MqttClient;
  readonly broker: string;
  readonly clientId: string;
  readonly packetIds: PacketIds;
}

/** What a broker that says nothing of it has. */
interface AvailableFeatures {
  readonly subscriptionIdentifiersAvailable?: boolean;
  readonly sharedSubscriptionAvailable?: boolean;
}

/** MQTT's own limit of a packet, headers included. */
const LARGEST_PACKET = 268_435_460;

/** From so many bytes on pieces are written one by one. */
const LARGEST_PIECE = 64 * 1024;

/**
 * One MQTT connection, from CONNECT to its end; it never reconnects. Each has an mqtt.js client of its
 * own with empty stores, so that nothing old is replayed: sending again is the supervisor's business.
 */
export class MqttConnection {
  readonly limits: BrokerLimits;
  /** The broker had the session already. */
  readonly resumed: boolean;
  readonly packetIds: PacketIds;
  readonly #client: MqttClient;
  readonly #broker: string;
  readonly #clientId: string;
  #ended: TransportError | undefined;
  /** What is to be written in this turn. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #closed: Promise<void> = Promise.resolve();

  constructor(parts: ConnectionParts, connack: IConnackPacket) {
    const { properties = {} } = connack;
    const { subscriptionIdentifiersAvailable: identifiers, sharedSubscriptionAvailable: shared } =
      properties as AvailableFeatures;
    this.#client = parts.client;
    this.#broker = parts.broker;
    this.#clientId = parts.clientId;
    this.packetIds = parts.packetIds;
    this.resumed = connack.sessionPresent;
    this.limits = {
      maximumQos: properties.maximumQoS === 0 ? 0 : 1,
      receiveMaximum: properties.receiveMaximum ?? 65_535,
      maximumPacketSize: properties.maximumPacketSize ?? LARGEST_PACKET,
      subscriptionIdentifiers: identifiers !== false,
      sharedSubscriptions: shared !== false,
    };
  }

  /** Why it ended; undefined as long as it is open. */
  get ended(): TransportError | undefined {
    return this.#ended;
  }

  /** How many bytes wait to be written to the network. */
  get unwritten(): number {
    return this.#waitingBytes + this.#client.stream.writableLength;
  }

  /** Calls back once when everything was written to the network. */
  onceWritten(callback: () => void): void {
    this.#client.stream.once('drain', callback);
  }

  /** Hands a message to the network. */
  publish(message: WireMessage, options: EncodeOptions): void {
    for (const bytes of encodePublish(message, options)) this.#write(bytes);
  }

  acknowledge(packetId: number): void {
    this.#write(encodePuback(packetId));
  }

  /** Resolves when the broker confirmed. */
  subscribe(channel: string, filter: string, subscriptionIdentifier: number | undefined): Promise<void> {
    // mqtt.js would destroy the connection over it.
    const problem = textProblem(filter);
    if (problem) return Promise.reject(subscribeFailed(channel, `as an MQTT topic it ${problem}`));
    return this.#request(channel, (done) =>
      this.#client.subscribe(
        filter,
        { qos: 1, rh: 2, ...(subscriptionIdentifier && { properties: { subscriptionIdentifier } }) },
        (error, _granted, suback) => {
          const reason = suback?.granted.map(Number).find((code) => code >= 0x80);
          done(reason === undefined ? error : subscribeRefused(channel, reason));
        },
      ),
    );
  }

  unsubscribe(filters: string | string[]): Promise<void> {
    return this.#request(String(filters), (done) => this.#client.unsubscribe(filters, done));
  }

  /** Orderly end. The broker keeps the session for the time that was asked for, or drops it at once. */
  close({ dropSession }: { readonly dropSession: boolean }): Promise<void> {
    if (this.#ended) return this.#closed;
    this.#ended = this.#closedByUs();
    this.#flush();
    const client = this.#client;
    this.#closed = new Promise((resolve) => client.once('close', resolve));
    const properties = dropSession ? { properties: { sessionExpiryInterval: 0 } } : {};
    client.end(false, { reasonCode: 0, ...properties });
    return this.#closed;
  }

  /** The network or the broker ended it. Returns whether that is news, and no end by this side. */
  lost(error: TransportError): boolean {
    if (this.#ended) return false;
    this.#ended = error;
    return true;
  }

  /** Ends at once, an orderly end under way included. */
  destroy(): void {
    this.#ended ??= this.#closedByUs();
    this.#client.end(true);
    this.#client.stream.destroy();
  }

  /** What is written in one turn goes out in one piece. */
  #write(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#waiting.length === 0) queueMicrotask(this.#flush);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= LARGEST_PIECE) this.#flush();
  }

  readonly #flush = (): void => {
    const pieces = this.#waiting;
    if (pieces.length === 0) return;
    const length = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const { stream } = this.#client;
    // What is large is not copied.
    if (length < LARGEST_PIECE) stream.write(joinBytes(pieces, length));
    else for (const piece of pieces) stream.write(piece);
  };

  /** Sends something that the broker answers. Rejects with what ended the connection, if that comes first. */
  #request(channel: string, send: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#flush();
    return new Promise((resolve, reject) => {
      send((error) => {
        if (!error) resolve();
        else if (error instanceof TransportError) reject(error);
        // mqtt.js answers before it tells that the connection ended. Where it did not end, the error is about this request alone.
        else queueMicrotask(() => reject(this.#ended ?? subscribeFailed(channel, error)));
      });
    });
  }

  #closedByUs(): TransportError {
    return new TransportError('CONNECTION_LOST', `The connection to ${this.#broker} was closed.`);
  }
}
