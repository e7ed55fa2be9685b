import type { TransportError } from '@intersect-sdk/core';
import { abortedError } from '@intersect-sdk/core/internal';
import { askCredentials, brokerName, type ResolvedHost } from '@intersect-sdk/transport/endpoint';
import type { MqttClient } from 'mqtt';
import { type Fault, lostError } from '../errors/errors.js';
import { connectError, needsWebSocket, setUpError } from '../errors/open-errors.js';
import { proxyInBrowser } from '../errors/proxy-errors.js';
import { takeMessages } from '../in/incoming.js';
import type { ResolvedMqttOptions } from '../options/options.js';
import { PacketIds } from '../out/packet-ids.js';
import type { UnansweredConnects } from '../quirks/unanswered-connects.js';
import { clientOptions, type SessionPlan } from './client-options.js';
import { type ConnectionEvents, MqttConnection } from './connection.js';
import { readFirst } from './read-first.js';
import { openTunnel } from './tunnel.js';

const NOT_READ_FIRST =
  'This version of mqtt.js is not the one that was looked at, so it reads all messages itself, which takes longer. Install the version that @intersect-sdk/transport-mqtt names.';

let isTold = false;

/** Once in each process: it is the same for every connection. */
function tellOnce({ notice }: ConnectionEvents): void {
  if (isTold || !notice) return;
  isTold = true;
  notice(NOT_READ_FIRST);
}

/** Where to connect, and as whom. */
export interface ConnectionPlan {
  readonly options: ResolvedMqttOptions;
  readonly host: ResolvedHost;
  readonly session: SessionPlan;
  readonly unanswered: UnansweredConnects;
  readonly signal: AbortSignal;
}

/**
 * Opens an MQTT connection, from the credentials to the broker's CONNACK. Throws TransportError: `retryable` says whether another try
 * can help. Leaves nothing behind then.
 */
export async function openConnection(
  plan: ConnectionPlan,
  events: ConnectionEvents,
): Promise<MqttConnection> {
  const { options, host, session, unanswered, signal } = plan;
  const broker = brokerName({
    scheme: options.protocol,
    hosts: [host],
    path: options.webSocketPath,
  });
  const aborted = (): TransportError => abortedError(`Connecting to ${broker}`, signal);
  // mqtt.js is most of this package's load time, so it is imported on the first connect.
  const { default: mqtt } = await import('#mqtt');
  // True in the build of mqtt.js that browsers get.
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
    const { ownPackets, maxPacketSizeBytes } = options;
    if (ownPackets && !readFirst(client, { ...events, maxPacketSizeBytes })) tellOnce(events);
    takeMessages(client, events.message);
    client.connect();
  } catch (thrown) {
    tunnel?.destroy();
    throw setUpError(tried, thrown as Fault);
  }
  return await new Promise<MqttConnection>((resolve, reject) => {
    let opened: MqttConnection | undefined;
    let fault: Fault | undefined;
    let awaitsAnswer = false;
    const end = (): void => {
      signal.removeEventListener('abort', onAbort);
      client.end(true);
      if (awaitsAnswer) unanswered.add();
      awaitsAnswer = false;
      if (opened) {
        const error = unanswered.explain(lostError({ broker, clientId: session.clientId }, fault));
        if (opened.lost(error)) events.lost(error);
      } else reject(signal.aborted ? aborted() : connectError(tried, fault));
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
    // The socket of a tunnel is connected already, so it will not say so.
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

/** Small packets go out at once instead of waiting for the acknowledgement of the one before (Nagle's algorithm). */
function withoutDelay(stream: MqttClient['stream']): void {
  (stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
}
