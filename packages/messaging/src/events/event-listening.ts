import { type EventHeaders, type Integers, MessageError, type WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import type { Listener, Retention } from '@intersect-sdk/transport';
import { MAX_PAYLOAD_BYTES, payloadProblem } from '../ask/intake-limits.js';
import type { EventParams } from '../ask/parameters.js';
import type { BrokerGroup } from '../brokers/broker-group.js';
import type { GroupSubscription } from '../brokers/group-subscription.js';
import type { DataPlane } from '../data/data-plane.js';
import { noDataStores } from '../data/no-data-stores.js';
import type { Work } from '../observe/companion.js';
import { LostDigits, lossInAnswer } from '../observe/lost-digits.js';
import type { Observers } from '../observe/observers.js';
import { RecentIds } from './recent-ids.js';

/** How many events one listener remembers, to recognise those that come a second time. */
const REMEMBERED_EVENTS = 10_000;

/** An event as it came in. */
export interface EventMessage {
  /** Address of the service that emitted it. */
  readonly source: string;
  readonly capabilityName: string;
  readonly eventName: string;
  /** JSON as plain values; under any other content type a `Uint8Array`. */
  readonly payload: unknown;
  /**
   * The payload as it came: JSON can have whole numbers beyond 2^53, which are other ones in `payload` unless bigints were asked for. Of
   * data out of a data store that are no JSON it is `payload` itself.
   */
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly headers: EventHeaders;
  /** Headers of the event beyond those of the protocol, e.g. `traceparent`; empty where it has none. */
  readonly furtherHeaders: Readonly<Record<string, string>>;
  /** When it came in, in ms since 1970 by this machine's clock. */
  readonly receivedAtMs: number;
}

export type EventHandler = (event: EventMessage) => void | Promise<void>;

export interface ListenOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  readonly observers: Observers;
  /** How payloads travel by reference. @default not at all */
  readonly data?: DataPlane | undefined;
  readonly retention: Retention;
  /** With retention `durable`: who listens, so that each listener hears every event. */
  readonly listener?: Listener | undefined;
  /** With retention `durable`: each event goes to one of all that listen so. @default false */
  readonly shared?: boolean | undefined;
  /** An event with a larger payload is refused. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** What whole numbers beyond 2^53 become. @default 'number' */
  readonly integers?: Integers | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Listens to events on all brokers; resolves when they confirmed. The handler sees each event once and
 * in order, also when it comes from two brokers or a second time after a lost connection. What breaks
 * the protocol is reported and not handed on.
 */
export function listenToEvents(
  params: EventParams,
  handler: EventHandler,
  options: ListenOptions,
): Promise<GroupSubscription> {
  const {
    wire,
    brokers,
    observers,
    retention,
    listener,
    shared,
    signal,
    data = noDataStores(''),
    integers,
    maxPayloadBytes = MAX_PAYLOAD_BYTES,
  } = options;
  const seen = new RecentIds(REMEMBERED_EVENTS);
  const lostDigits = new LostDigits(observers, { integers });
  return brokers.subscribe(
    wire.eventChannel(params.hierarchy, params.capabilityName, params.eventName),
    async (message, { broker }) => {
      const { channel } = message;
      let event: EventMessage;
      try {
        const headers = checkedHeaders(message, { wire, maxPayloadBytes });
        if (seen.has(headers.messageId)) return;
        const arrived = { message, headers };
        const bytes = headers.dataHandler === 'MESSAGE' ? message.payload : await storedBytes(arrived, data);
        event = eventOf(arrived, bytes, { wire, lostDigits });
      } catch (error) {
        return observers.refused({ kind: 'message-refused', channel, broker: broker.name, error }, message);
      }
      if (!seen.add(event.headers.messageId)) return;
      if (observers.seesWork) await observers.around(workOf(event, message), () => handler(event));
      else await handler(event);
    },
    { retention, listener, shared, concurrency: 1, signal },
  );
}

interface ArrivedEvent {
  readonly message: WireMessage;
  readonly headers: EventHeaders;
}

function checkedHeaders(
  message: WireMessage,
  { wire, maxPayloadBytes }: { readonly wire: Wire; readonly maxPayloadBytes: number },
): EventHeaders {
  const headers = wire.parseEventHeaders(message.headers);
  const { source, capabilityName, eventName } = headers;
  // The broker decides who may publish on a channel. Headers alone could name any other service as the source.
  if (message.channel !== wire.eventChannel(source, capabilityName, eventName)) {
    throw new MessageError(
      'HEADERS_INVALID',
      `The event on ${message.channel} says that it is another one: ${capabilityName}.${eventName} of ${source}.`,
    );
  }
  wire.assertCompatibleVersion(headers.sdkVersion, source);
  const tooLarge = payloadProblem(message, maxPayloadBytes);
  if (tooLarge) throw tooLarge;
  return headers;
}

/** The data of an event that lie in a store. They stay there: others listen to the event too. */
async function storedBytes({ message, headers }: ArrivedEvent, data: DataPlane): Promise<Uint8Array> {
  const { source, capabilityName, eventName } = headers;
  const what = `The data of the event ${capabilityName}.${eventName} of ${source}`;
  const { bytes } = await data.read(message, { what, signal: data.running, withinMs: data.waitMs });
  return bytes;
}

function workOf(
  { source, capabilityName: capability, eventName: event, headers: { messageId } }: EventMessage,
  { channel, headers, payload }: WireMessage,
): Work {
  const bytes = payload.byteLength;
  return { kind: 'event', channel, bytes, headers, source, messageId, capability, event };
}

interface EventReading {
  readonly wire: Wire;
  readonly lostDigits: LostDigits;
}

function eventOf(
  { message, headers }: ArrivedEvent,
  bytes: Uint8Array,
  { wire, lostDigits }: EventReading,
): EventMessage {
  const { source, capabilityName, eventName } = headers;
  const { contentType } = message;
  const payload = lostDigits.decode({ bytes, contentType, isOwn: headers.dataHandler !== 'MESSAGE' }, () => {
    const about = { channel: message.channel, source, capability: capabilityName, event: eventName };
    return lossInAnswer(`${capabilityName}.${eventName}`, about);
  });
  return {
    source,
    capabilityName,
    eventName,
    payload,
    bytes,
    contentType,
    headers,
    furtherHeaders: wire.furtherHeadersOf(message.headers),
    receivedAtMs: Date.now(),
  };
}
