// The functions of protocol 0.9, for programs that use this package alone. The layers below a client or a service use the
// wire that was chosen there.

import type { EventHeaders, LifecycleHeaders, UserspaceHeaders } from './headers/header-schemas.js';
import type { Hierarchy } from './hierarchy.js';
import { WIRE_0_9 } from './wire.js';

/** The five parts joined by dots; a missing subsystem is written `-`. Does not check the parts. */
export function addressOf(hierarchy: Hierarchy): string {
  return WIRE_0_9.addressOf(hierarchy);
}

/** The hierarchy that an address of five parts stands for; undefined for any other text, also for two-part addresses. */
export function hierarchyOf(address: string): Hierarchy | undefined {
  return WIRE_0_9.hierarchyOf(address);
}

/**
 * True for what may be asked and listened to: five parts, none empty, lower case (protocol section 1). A `source` may have any number of
 * them: that of an orchestrator has two.
 */
export function isAddress(text: string): boolean {
  return WIRE_0_9.isAddress(text);
}

/** The bucket that a program with this hierarchy writes to: at most 63 characters, the same in every SDK (protocol section 8). */
export function bucketNameOf(hierarchy: Hierarchy): string {
  return WIRE_0_9.bucketNameOf(hierarchy);
}

/** Where a service takes requests (protocol section 2). */
export function requestChannel(address: string): string {
  return WIRE_0_9.requestChannel(address);
}

/** Where the program with this address takes the answers to its requests. */
export function responseChannel(address: string): string {
  return WIRE_0_9.responseChannel(address);
}

/** Where a service publishes an event. `*` or `#` as the event name is a pattern for all events of the capability. */
export function eventChannel(address: string, capabilityName: string, eventName: string): string {
  return WIRE_0_9.eventChannel(address, capabilityName, eventName);
}

/** Where a service says that it starts, lives and stops. */
export function lifecycleChannel(address: string): string {
  return WIRE_0_9.lifecycleChannel(address);
}

/**
 * The headers of a request or response as typed values; headers that the protocol does not know are
 * left out. Does not look at the protocol version: see `assertCompatibleVersion`. Throws MessageError
 * HEADERS_INVALID whose issues name every header that is missing or malformed, or say that all
 * together are longer than 131,072 characters, or DATA_HANDLER_UNSUPPORTED when the only fault is an unknown data
 * handler (protocol section 3).
 */
export function parseUserspaceHeaders(raw: Readonly<Record<string, string>>): UserspaceHeaders {
  return WIRE_0_9.parseUserspaceHeaders(raw);
}

/** The headers of an event; otherwise as `parseUserspaceHeaders`. */
export function parseEventHeaders(raw: Readonly<Record<string, string>>): EventHeaders {
  return WIRE_0_9.parseEventHeaders(raw);
}

/** The headers of a lifecycle message; throws MessageError HEADERS_INVALID. */
export function parseLifecycleHeaders(raw: Readonly<Record<string, string>>): LifecycleHeaders {
  return WIRE_0_9.parseLifecycleHeaders(raw);
}

/**
 * The headers as they go on the wire, all of them text. Throws MessageError HEADERS_INVALID for the state
 * `progress`, which protocol 0.9 lacks.
 */
export function encodeUserspaceHeaders(headers: Omit<UserspaceHeaders, 'hasError'>): Record<string, string> {
  return WIRE_0_9.encodeUserspaceHeaders(headers);
}

/** The headers as they go on the wire, all of them text. */
export function encodeEventHeaders(headers: EventHeaders): Record<string, string> {
  return WIRE_0_9.encodeEventHeaders(headers);
}

/** The headers as they go on the wire, all of them text. */
export function encodeLifecycleHeaders(headers: LifecycleHeaders): Record<string, string> {
  return WIRE_0_9.encodeLifecycleHeaders(headers);
}

/** Throws MessageError VERSION_INCOMPATIBLE unless the other program's version may talk to ours. */
export function assertCompatibleVersion(theirs: string, sender: string): void {
  WIRE_0_9.assertCompatibleVersion(theirs, sender);
}
