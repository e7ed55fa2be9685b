import { type DataHandler, encodePayload, type Issue, ValidationError } from '@intersect-sdk/core';
import {
  custom,
  type DataSource,
  DEFAULT_CONTENT_TYPE,
  FieldReader,
  type FurtherHeaders,
  isCapabilityName,
  isContentType,
  isDataSource,
  isEventName,
  joinPaths,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  type ResolvedRequestOptions,
  readDirectMessage,
  readRequestOptions,
  readTable,
  required,
  text,
  type Wire,
} from '@intersect-sdk/core/internal';

const EVENT_PARAMS_OPTIONS = {
  /** Address of the service that emits them. */
  hierarchy: required(text()),
  /** The capability that declares them. */
  capabilityName: required(text()),
  /** One event's name, or `*` for all events of the capability. */
  eventName: required(text()),
} satisfies OptionTable;

/** Which events to listen to. */
export interface EventParams extends Named, OptionsOf<typeof EVENT_PARAMS_OPTIONS> {}

/** The row of a choice of events. It gives what was given: what it must be depends on the wire version. */
export function eventParamsRow(): OptionRow<EventParams, unknown> {
  return custom<EventParams, unknown>({ fields: EVENT_PARAMS_OPTIONS, read: ({ value }) => value });
}

/** A request that was checked and whose payload is encoded. */
export interface CheckedRequest {
  readonly destination: string;
  readonly operation: string;
  readonly contentType: string;
  readonly dataHandler: DataHandler;
  /** Empty where there is a `body`. */
  readonly payload: Uint8Array;
  /** The argument where it is not in memory as a whole. */
  readonly body?: DataSource | undefined;
  /** The id by which the answer is recognised. A new one if absent. */
  readonly requestId?: string | undefined;
  /** How long brokers keep it, in ms. */
  readonly expiresInMs?: number | undefined;
}

/** How untrusted input is read: by which wire's rules, and where its issues are collected. */
export interface ReadingPlace {
  readonly wire: Wire;
  /** Whether the program has a data store. @default false */
  readonly canStore?: boolean | undefined;
  readonly issues: Issue[];
  /** Of the input within what the caller gave. @default '' */
  readonly path?: string | undefined;
}

const NOTHING = new Uint8Array();
const NO_STORE =
  'MINIO needs a data store: give one in dataStores of the configuration, or send the data in the message (MESSAGE)';

/** Reads untrusted request parameters; undefined when there was a problem, all of which are in `issues`. */
export function checkDirectMessage(
  input: unknown,
  { wire, canStore, issues, path }: ReadingPlace,
): CheckedRequest | undefined {
  const before = issues.length;
  const read = new FieldReader(input, issues, path);
  const given = readDirectMessage(read);
  const { destination, operation, contentType, payload: value, expiresInMs } = given;
  checkAddress(read, 'destination', { address: destination, wire });
  if (operation && !isOperation(operation)) {
    read.addIssue('operation', "must be '<capability>.<function>', each of letters, digits and _");
  }
  if (!isContentType(contentType)) read.addIssue('contentType', "must be a content type such as 'image/png'");
  if (given.dataHandler === 'MINIO' && !canStore) read.addIssue('dataHandler', NO_STORE);
  read.rejectUnknown();
  const body = contentType !== DEFAULT_CONTENT_TYPE && isDataSource(value) ? value : undefined;
  let payload: Uint8Array | undefined = body && NOTHING;
  if (!body && isContentType(contentType)) {
    try {
      payload = encodePayload(value, contentType);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const issue of error.issues) read.addIssue(joinPaths('payload', issue.path), issue.message);
    }
  }
  if (issues.length > before || !payload) return undefined;
  const dataHandler = given.dataHandler ?? (body && canStore ? 'MINIO' : 'MESSAGE');
  return { destination, operation, contentType, dataHandler, payload, body, expiresInMs };
}

/** Reads untrusted event parameters; undefined when there was a problem, all of which are in `issues`. */
export function checkEventParams(
  input: unknown,
  { wire, issues, path }: ReadingPlace,
): EventParams | undefined {
  const before = issues.length;
  const read = new FieldReader(input, issues, path);
  const { hierarchy, capabilityName, eventName } = readTable(read, EVENT_PARAMS_OPTIONS);
  checkAddress(read, 'hierarchy', { address: hierarchy, wire });
  if (capabilityName && !isCapabilityName(capabilityName)) {
    read.addIssue('capabilityName', 'must begin with a letter or digit and hold only letters, digits and _');
  }
  if (eventName && eventName !== '*' && eventName !== '#' && !isEventName(eventName)) {
    read.addIssue('eventName', "must be an event's name, or * for all events of the capability");
  }
  read.rejectUnknown();
  return issues.length > before ? undefined : { hierarchy, capabilityName, eventName };
}

/** The options of a request, checked by the rules of the wire too. */
export interface CheckedRequestOptions extends ResolvedRequestOptions {
  readonly headers: FurtherHeaders;
}

/** Reads untrusted options of a request; all problems go to `issues`. */
export function checkRequestOptions(
  input: unknown,
  { wire, issues, path }: ReadingPlace,
): CheckedRequestOptions {
  const read = new FieldReader(input, issues, path);
  const options = readCheckedRequestOptions(read, wire);
  read.rejectUnknown();
  return options;
}

/** Reads those among the fields of something that may have others, too. */
export function readCheckedRequestOptions(read: FieldReader, wire: Wire): CheckedRequestOptions {
  const options = readRequestOptions(read);
  const headers = wire.checkFurtherHeaders(options.headers, read.issues, read.pathOf('headers'));
  // Every request comes by here, so that no second object is made of it.
  const checked = options as { -readonly [K in keyof CheckedRequestOptions]: CheckedRequestOptions[K] };
  checked.headers = headers;
  return checked;
}

/** Adds a problem to the field that holds the address. What is no text at all has one already. */
function checkAddress(
  read: FieldReader,
  name: string,
  { address, wire }: { readonly address: string | undefined; readonly wire: Wire },
): void {
  const problem = address && wire.addressProblem(address);
  if (problem) read.addIssue(name, problem);
}

function isOperation(text: string): boolean {
  const dot = text.indexOf('.');
  return dot > 0 && isCapabilityName(text.slice(0, dot)) && /^\w+$/.test(text.slice(dot + 1));
}
