import {
  ConfigError,
  encodeEventHeaders,
  eventChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  type WireMessage,
} from '@intersect-sdk/core';
import type { Emission } from '../capability/capability.js';
import type { CompiledCapability, CompiledEvent } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';
import type { DataStore } from '../data-store.js';

/** An event checked against its declaration, on its way to a message. */
export interface CheckedEvent {
  readonly emission: Emission;
  readonly declared: CompiledEvent;
  readonly payload: Uint8Array;
}

/** Throws CONFIG_INVALID for an event that is not declared, SCHEMA_MISMATCH for a value that doesn't fit. */
export function checkEvent(emission: Emission, capabilities: readonly CompiledCapability[]): CheckedEvent {
  const { capability, event, value } = emission;
  const declared = capabilities.find(({ name }) => name === capability)?.events.get(event);
  if (!declared) {
    const issue = { path: event, message: `is not among the events that ${capability} declares` };
    throw new ConfigError('The event cannot be sent', [issue]);
  }
  const payload = encodeValue(
    value,
    declared.payload,
    `The event ${capability}.${event} does not fit its declaration`,
  );
  return { emission, declared, payload };
}

/** The message of an event from `address`; with data handler `MINIO` its value is stored first. */
export async function eventMessage(
  { emission, declared, payload }: CheckedEvent,
  address: string,
  store: DataStore | undefined,
): Promise<WireMessage> {
  const { capability, event } = emission;
  const { contentType } = declared.payload;
  const stored = declared.dataHandler === 'MINIO' ? store : undefined;
  return {
    channel: eventChannel(address, capability, event),
    payload: stored
      ? await stored.put({ payload, contentType }, { signal: new AbortController().signal })
      : payload,
    contentType,
    headers: encodeEventHeaders({
      messageId: newId(),
      source: address,
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      dataHandler: declared.dataHandler,
      capabilityName: capability,
      eventName: event,
    }),
  };
}
