import { TransportError, type WireMessage } from '@intersect-sdk/core';
import { abortedError } from '@intersect-sdk/core/internal';
import { askCredentials, brokerName, type ResolvedHost } from '@intersect-sdk/transport/endpoint';
import type { IConnackPacket, IPublishPacket, MqttClient } from 'mqtt';
import {
  connectError,
  type Fault,
  lostError,
  needsWebSocket,
  setUpError,
  subscribeFailed,
  subscribeRefused,
} from '../errors/errors.js';
import { proxyInBrowser } from '../errors/proxy-errors.js';
import { takeMessages } from '../in/incoming.js';
import type { ResolvedMqttOptions } from '../options/options.js';
import { encodePuback, encodePublish } from '../out/encode.js';
import { PacketIds } from '../out/packet-ids.js';
import { textProblem } from '../out/packet-limits.js';
import type { UnansweredConnects } from '../quirks/unanswered-connects.js';
import { clientOptions, type SessionPlan } from './client-options.js';
import { openTunnel } from './tunnel.js';

/** Where to connect, and as whom. */
export interface ConnectionPlan {
  readonly options: ResolvedMqttOptions;
  readonly host: ResolvedHost;
  readonly session: SessionPlan;
  readonly unanswered: UnansweredConnects;
  readonly signal: AbortSignal;
}

/** What a connection tells its owner; messages can come before `open` resolves. */
export interface ConnectionEvents {
  message(packet: IPublishPacket): void;
  /** The broker's word on a QoS 1 publish. */
  confirmed(messageId: number, reasonCode: number): void;
  /** The connection ended without being closed by this side. Called at most once, possibly just before `open` resolves. */
  lost(error: TransportError): void;
}

/** What the broker said about itself when it accepted. */
export interface BrokerLimits {
  readonly maximumQos: 0 | 1;
  readonly receiveMaximum: number;
  /** In bytes, with headers. */
  readonly maximumPacketSize: number;
  readonly subscriptionIdentifiers: boolean;
}

interface Parts {
  readonly client: MqttClient;
  readonly broker: string;
  readonly clientId: string;
  readonly packetIds: PacketIds;
}

/** MQTT's own limit of a packet, headers included. */
const LARGEST_PACKET = 268_435_460;

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
  #corked = false;
  #closed: Promise<void> = Promise.resolve();

  /** Throws TransportError: `retryable` says whether another try can help. Leaves nothing behind then. */
  static async open(plan: ConnectionPlan, events: ConnectionEvents): Promise<MqttConnection> {
    const { options, host, session, unanswered, signal } = plan;
    const broker = brokerName({
      scheme: options.protocol,
      hosts: [host],
      path: options.webSocketPath,
    });
    const aborted = (): TransportError => abortedError(`Connecting to ${broker}`, signal);
    // mqtt.js is most of this package's load time, so it is imported on the first connect.
    const { default: mqtt } = await import('#mqtt');
    // True of what browsers get.
    const { webSocketOnly = false } = mqtt as { readonly webSocketOnly?: boolean };
    if (signal.aborted) throw aborted();
    if (webSocketOnly && options.webSocketPath === undefined) throw needsWebSocket(broker);
    if (webSocketOnly && options.proxy) throw proxyInBrowser(broker);
    const { credentials, leftMs } = await askCredentials(options.credentials, {
      broker,
      timeoutMs: options.connectTimeoutMs,
      signal,
      required: false,
    });
    const startedAt = performance.now();
    const tunnel =
      options.proxy &&
      (await openTunnel({
        broker,
        proxy: options.proxy,
        host,
        ca: options.tls?.ca,
        timeoutMs: leftMs,
        signal,
      }));
    if (signal.aborted) {
      tunnel?.destroy();
      throw aborted();
    }
    const connectTimeoutMs = Math.max(1, leftMs - (performance.now() - startedAt));
    const tried = { broker, hasUsername: credentials.username !== undefined, inBrowser: webSocketOnly };
    const packetIds = new PacketIds();
    let client: MqttClient;
    try {
      const plan = { options, host, session, credentials, connectTimeoutMs, packetIds, tunnel };
      client =
        tunnel && options.protocol === 'mqtt'
          ? new mqtt.MqttClient(() => tunnel, clientOptions(plan))
          : mqtt.connect(clientOptions(plan));
    } catch (thrown) {
      tunnel?.destroy();
      throw setUpError(tried, thrown as Fault);
    }
    return await new Promise<MqttConnection>((resolve, reject) => {
      takeMessages(client, events.message);
      let opened: MqttConnection | undefined;
      let fault: Fault | undefined;
      let awaitsAnswer = false;
      const end = (): void => {
        signal.removeEventListener('abort', onAbort);
        client.end(true);
        if (awaitsAnswer) unanswered.add();
        awaitsAnswer = false;
        if (opened)
          opened.#end(unanswered.explain(lostError({ broker, clientId: session.clientId }, fault)), events);
        else reject(signal.aborted ? aborted() : connectError(tried, fault));
      };
      const onAbort = (): void => end();
      const onFault = (error: Fault): void => {
        fault ??= error;
        end();
      };
      // mqtt.js swallows stream errors that have no code, such as those of a WebSocket.
      client.stream.on('error', (error) => {
        fault ??= error;
      });
      const onReached = (): void => {
        // CONNECT goes out now. Over a WebSocket it goes out after the broker's first answer, so the broker is known to respond.
        awaitsAnswer = true;
        withoutDelay(client.stream);
      };
      client.stream.on('connect', onReached);
      // A tunnel has been connected before.
      if (tunnel && options.webSocketPath === undefined) onReached();
      client.on('error', onFault);
      client.on('disconnect', ({ reasonCode }) => onFault({ code: reasonCode ?? 128 }));
      client.on('close', end);
      client.on('packetreceive', (packet) => {
        awaitsAnswer = false;
        if (packet.cmd === 'puback' && packet.messageId !== undefined) {
          events.confirmed(packet.messageId, packet.reasonCode ?? 0);
        }
      });
      client.once('connect', (connack) => {
        signal.removeEventListener('abort', onAbort);
        opened = new MqttConnection({ client, broker, clientId: session.clientId, packetIds }, connack);
        resolve(opened);
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  private constructor(parts: Parts, connack: IConnackPacket) {
    const { properties = {} } = connack;
    const identifiers = (properties as { subscriptionIdentifiersAvailable?: boolean })
      .subscriptionIdentifiersAvailable;
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
    };
  }

  /** Why it ended, from then on. */
  get ended(): TransportError | undefined {
    return this.#ended;
  }

  /** How many bytes wait to be written to the network. */
  get unwritten(): number {
    return this.#client.stream.writableLength;
  }

  /** Calls back once when everything was written to the network. */
  onceWritten(callback: () => void): void {
    this.#client.stream.once('drain', callback);
  }

  /** Hands a message to the network; `packetId` is 0 for quality of service 0. */
  publish(message: WireMessage, packetId: number): void {
    for (const bytes of encodePublish(message, packetId === 0 ? 0 : 1, packetId)) this.#write(bytes);
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
    const client = this.#client;
    this.#closed = new Promise((resolve) => client.once('close', resolve));
    const properties = dropSession ? { properties: { sessionExpiryInterval: 0 } } : {};
    client.end(false, { reasonCode: 0, ...properties });
    return this.#closed;
  }

  /** Ends at once, an orderly end under way included. */
  destroy(): void {
    this.#ended ??= this.#closedByUs();
    this.#client.end(true);
    this.#client.stream.destroy();
  }

  /** What is written in one turn goes out in one piece. */
  #write(bytes: Uint8Array): void {
    const { stream } = this.#client;
    if (this.#ended) return;
    if (!this.#corked) {
      this.#corked = true;
      stream.cork();
      queueMicrotask(() => {
        this.#corked = false;
        stream.uncork();
      });
    }
    stream.write(bytes);
  }

  #end(error: TransportError, events: ConnectionEvents): void {
    if (this.#ended) return;
    this.#ended = error;
    events.lost(error);
  }

  /** Sends something that the broker answers. Rejects with what ended the connection, if that comes first. */
  #request(channel: string, send: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
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

/** Small packets go out at once instead of waiting for the acknowledgement of the one before (Nagle's algorithm). */
function withoutDelay(stream: MqttClient['stream']): void {
  (stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
}
