import { type Emission, readEmitOptions } from '@intersect-sdk/contract/internal';
import type { EmitOptions } from '@intersect-sdk/contract/plain';
import { ConfigError, type Issue, newId, nowIso, type WireMessage } from '@intersect-sdk/core';
import {
  didYouMean,
  type FurtherHeaders,
  NO_HEADERS,
  readNested,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { DataPlane, Departure } from '@intersect-sdk/messaging';
import type { CompiledCapability, CompiledEvent } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';

/** An event checked against its declaration, on its way to a message. */
export interface CheckedEvent {
  readonly emission: Emission;
  readonly declared: CompiledEvent;
  readonly payload: Uint8Array;
  readonly headers: FurtherHeaders;
  readonly expiresInMs: number | undefined;
}

/**
 * Throws CONFIG_INVALID for an event that is not declared and for options that can't be used, SCHEMA_MISMATCH for a value that
 * doesn't fit.
 */
export function checkEvent(
  emission: Emission,
  { capabilities, wire }: { readonly capabilities: readonly CompiledCapability[]; readonly wire: Wire },
): CheckedEvent {
  const { capability, event, value, options } = emission;
  const issues: Issue[] = [];
  const events = capabilities.find(({ name }) => name === capability)?.events;
  const declared = events?.get(event);
  if (!declared) {
    const meant = didYouMean(event, events?.keys() ?? []);
    const message = `is not among the events that ${capability} declares${meant && `; ${meant}`}`;
    issues.push({ path: event, message });
  }
  const { headers, expiresInMs } = options === undefined ? PLAIN : given(options, wire, issues);
  if (!declared || issues.length > 0) throw new ConfigError('The event cannot be sent', issues);
  const payload = encodeValue(
    value,
    declared.payload,
    `The event ${capability}.${event} does not fit its declaration`,
  );
  return { emission, declared, payload, headers, expiresInMs };
}

type Given = Pick<CheckedEvent, 'headers' | 'expiresInMs'>;

const PLAIN: Given = { headers: NO_HEADERS, expiresInMs: undefined };

function given(options: EmitOptions, wire: Wire, issues: Issue[]): Given {
  const { headers, expiresInMs } = readNested({ value: options, path: '', issues }, readEmitOptions);
  return { headers: wire.checkFurtherHeaders(headers, issues, 'headers'), expiresInMs };
}

/** What the messages of a service have in common. */
export interface Sender {
  readonly wire: Wire;
  /** The service's own. */
  readonly address: string;
}

/** What observers are told of an event that is about to become a message. */
export function eventDeparture(
  { emission: { capability, event }, payload }: CheckedEvent,
  { wire, address: source }: Sender,
): Departure {
  const channel = wire.eventChannel(source, capability, event);
  return { kind: 'event', channel, source, bytes: payload.byteLength, capability, event };
}

/** The message of an event. What travels by reference is stored first; nobody deletes it, since nobody knows who listens. */
export async function eventMessage(
  { emission, declared, payload, headers }: CheckedEvent,
  { wire, address }: Sender,
  data: DataPlane,
): Promise<WireMessage> {
  const { capability, event } = emission;
  const { contentType } = declared.payload;
  const messageId = newId();
  const isStored = declared.dataHandler === 'MINIO' || data.offloads(payload.byteLength);
  const stored = isStored
    ? await data.put(
        { data: payload, contentType, key: `${messageId}-event` },
        { signal: data.running, withinMs: data.waitMs },
      )
    : undefined;
  return {
    channel: wire.eventChannel(address, capability, event),
    payload: stored?.payload ?? payload,
    contentType,
    headers: wire.encodeEventHeaders(
      {
        messageId,
        source: address,
        createdAt: nowIso(),
        sdkVersion: wire.version,
        dataHandler: isStored ? 'MINIO' : 'MESSAGE',
        capabilityName: capability,
        eventName: event,
      },
      stored ? { ...headers, ...stored.headers } : headers,
    ),
  };
}
