import { type Emission, readEmitOptions } from '@intersect-sdk/contract/internal';
import type { EmitOptions } from '@intersect-sdk/contract/plain';
import {
  ConfigError,
  type DataStore,
  type Issue,
  newId,
  nowIso,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  didYouMean,
  type FurtherHeaders,
  NO_HEADERS,
  readNested,
  type Wire,
} from '@intersect-sdk/core/internal';
import { storePayload } from '@intersect-sdk/messaging';
import type { CompiledCapability, CompiledEvent } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';

/** An event checked against its declaration, on its way to a message. */
export interface CheckedEvent {
  readonly emission: Emission;
  readonly declared: CompiledEvent;
  readonly payload: Uint8Array;
  readonly headers: FurtherHeaders;
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
  const headers = options === undefined ? NO_HEADERS : headersOf(options, wire, issues);
  if (!declared || issues.length > 0) throw new ConfigError('The event cannot be sent', issues);
  const payload = encodeValue(
    value,
    declared.payload,
    `The event ${capability}.${event} does not fit its declaration`,
  );
  return { emission, declared, payload, headers };
}

function headersOf(options: EmitOptions, wire: Wire, issues: Issue[]): FurtherHeaders {
  const { headers } = readNested({ value: options, path: '', issues }, readEmitOptions);
  return wire.checkFurtherHeaders(headers, issues, 'headers');
}

/** What the messages of a service have in common. */
export interface Sender {
  readonly wire: Wire;
  /** The service's own. */
  readonly address: string;
}

/** The message of an event; with data handler `MINIO` its value is stored first. */
export async function eventMessage(
  { emission, declared, payload, headers }: CheckedEvent,
  { wire, address }: Sender,
  stores: readonly DataStore[],
): Promise<WireMessage> {
  const { capability, event } = emission;
  const { contentType } = declared.payload;
  return {
    channel: wire.eventChannel(address, capability, event),
    payload:
      declared.dataHandler === 'MINIO'
        ? await storePayload(
            { payload, contentType, owner: address },
            { stores, signal: new AbortController().signal },
          )
        : payload,
    contentType,
    headers: wire.encodeEventHeaders(
      {
        messageId: newId(),
        source: address,
        createdAt: nowIso(),
        sdkVersion: wire.version,
        dataHandler: declared.dataHandler,
        capabilityName: capability,
        eventName: event,
      },
      headers,
    ),
  };
}
