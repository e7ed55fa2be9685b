import {
  type DataHandler,
  DEFAULT_CONTENT_TYPE,
  encodePayload,
  type Issue,
  isCapabilityName,
  isContentType,
  isEventName,
  type RequestOptions,
  ValidationError,
} from '@intersect-sdk/core';
import { FieldReader, joinPaths, LONGEST_TIMER_MS, type Wire } from '@intersect-sdk/core/internal';

import { readRetry } from './retry.js';

/** Which events to listen to. */
export interface EventParams {
  /** Address of the service that emits them. */
  readonly hierarchy: string;
  readonly capabilityName: string;
  /** One event's name, or `*` for all events of the capability. */
  readonly eventName: string;
}

/** A request that was checked and whose payload is encoded. */
export interface CheckedRequest {
  readonly destination: string;
  readonly operation: string;
  readonly contentType: string;
  readonly dataHandler: DataHandler;
  readonly payload: Uint8Array;
  /** Under which the answer is waited for; a new one if absent. */
  readonly requestId?: string | undefined;
}

/** How untrusted input is read: by the rules of which wire, and where its problems go. */
export interface ReadingPlace {
  readonly wire: Wire;
  readonly issues: Issue[];
  /** Of the input within what the caller gave. @default '' */
  readonly path?: string | undefined;
}

const NOT_EMPTY = { minLength: 1 } as const;

/** Reads untrusted request parameters; undefined when there was a problem, all of which are in `issues`. */
export function checkDirectMessage(
  input: unknown,
  { wire, issues, path }: ReadingPlace,
): CheckedRequest | undefined {
  const before = issues.length;
  const read = new FieldReader(input, issues, path);
  const destination = readAddress(read, 'destination', wire);
  const operation = read.requiredText('operation', NOT_EMPTY);
  if (operation && !isOperation(operation)) {
    read.addIssue('operation', "must be '<capability>.<function>', each of letters, digits and _");
  }
  const contentType = read.text('contentType', DEFAULT_CONTENT_TYPE);
  if (!isContentType(contentType)) read.addIssue('contentType', "must be a content type such as 'image/png'");
  const dataHandler = read.text('dataHandler', 'MESSAGE', { oneOf: ['MESSAGE', 'MINIO'] }) as DataHandler;
  const value = read.raw('payload');
  read.rejectUnknown();
  let payload: Uint8Array | undefined;
  if (isContentType(contentType)) {
    try {
      payload = encodePayload(value, contentType);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const issue of error.issues) read.addIssue(joinPaths('payload', issue.path), issue.message);
    }
  }
  if (issues.length > before || !payload) return undefined;
  return { destination, operation, contentType, dataHandler, payload };
}

/** Reads untrusted event parameters; undefined when there was a problem, all of which are in `issues`. */
export function checkEventParams(
  input: unknown,
  { wire, issues, path }: ReadingPlace,
): EventParams | undefined {
  const before = issues.length;
  const read = new FieldReader(input, issues, path);
  const hierarchy = readAddress(read, 'hierarchy', wire);
  const capabilityName = read.requiredText('capabilityName', NOT_EMPTY);
  if (capabilityName && !isCapabilityName(capabilityName)) {
    read.addIssue('capabilityName', 'must begin with a letter or digit and hold only letters, digits and _');
  }
  const eventName = read.requiredText('eventName', NOT_EMPTY);
  if (eventName && eventName !== '*' && eventName !== '#' && !isEventName(eventName)) {
    read.addIssue('eventName', "must be an event's name, or * for all events of the capability");
  }
  read.rejectUnknown();
  return issues.length > before ? undefined : { hierarchy, capabilityName, eventName };
}

/** Reads untrusted options of a request; all problems go to `issues`. */
export function checkRequestOptions(input: unknown, { wire, issues, path }: ReadingPlace): RequestOptions {
  const read = new FieldReader(input, issues, path);
  const options = {
    // The longest time that a timer can be set to: beyond, it would end at once.
    timeoutMs: read.number('timeoutMs', undefined, { min: 1, max: LONGEST_TIMER_MS }),
    signal: read.signal('signal'),
    onAccepted: read.callback<() => void>('onAccepted'),
    headers: wire.checkFurtherHeaders(read.raw('headers'), issues, read.pathOf('headers')),
    retry: readRetry(read),
    idempotent: read.boolean('idempotent', false),
  };
  read.rejectUnknown();
  return options;
}

function readAddress(read: FieldReader, name: string, wire: Wire): string {
  const address = read.requiredText(name, NOT_EMPTY);
  if (address && !wire.isAddress(address)) read.addIssue(name, wire.addressHint);
  return address;
}

function isOperation(text: string): boolean {
  const dot = text.indexOf('.');
  return dot > 0 && isCapabilityName(text.slice(0, dot)) && /^\w+$/.test(text.slice(dot + 1));
}
