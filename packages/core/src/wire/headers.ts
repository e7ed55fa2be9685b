import { type Issue, MessageError } from '../errors/errors.js';
import { type HeaderCodec, headerCodec } from './header-codec.js';
import {
  EVENT_HEADERS_SCHEMA,
  type EventHeaders,
  LIFECYCLE_HEADERS_SCHEMA,
  type LifecycleHeaders,
  USERSPACE_HEADERS_SCHEMA,
  type UserspaceHeaders,
} from './header-schemas.js';
import { WIRE_0_9 } from './wire-version.js';

type RawHeaders = Readonly<Record<string, string>>;

/** How many characters the names and values of one message's headers may have together; as much as a frame holds (protocol section 9). */
export const MAX_HEADER_CHARACTERS = 131_072;

const { headerNames } = WIRE_0_9;
const userspace: HeaderCodec<UserspaceHeaders> = headerCodec(USERSPACE_HEADERS_SCHEMA, headerNames);
const event: HeaderCodec<EventHeaders> = headerCodec(EVENT_HEADERS_SCHEMA, headerNames);
const lifecycle: HeaderCodec<LifecycleHeaders> = headerCodec(LIFECYCLE_HEADERS_SCHEMA, headerNames);

/**
 * The headers of a request or response as typed values; headers that the protocol does not know are
 * left out. Does not look at the protocol version: see `assertCompatibleVersion`. Throws MessageError
 * HEADERS_INVALID whose issues name every header that is missing or malformed, or say that all
 * together are longer than `MAX_HEADER_CHARACTERS`, or DATA_HANDLER_UNSUPPORTED when an unknown data handler is all that is wrong (protocol section 3).
 */
export function parseUserspaceHeaders(raw: RawHeaders): UserspaceHeaders {
  return parse(userspace, raw, 'The headers of a request or response are not valid');
}

/** The headers of an event; otherwise as `parseUserspaceHeaders`. */
export function parseEventHeaders(raw: RawHeaders): EventHeaders {
  return parse(event, raw, 'The headers of an event are not valid');
}

/** The headers of a lifecycle message; throws MessageError HEADERS_INVALID. */
export function parseLifecycleHeaders(raw: RawHeaders): LifecycleHeaders {
  return parse(lifecycle, raw, 'The headers of a lifecycle message are not valid');
}

/** The headers as they go on the wire, all of them text. */
export function encodeUserspaceHeaders(headers: UserspaceHeaders): Record<string, string> {
  return userspace.encode(headers);
}

/** The headers as they go on the wire, all of them text. */
export function encodeEventHeaders(headers: EventHeaders): Record<string, string> {
  return event.encode(headers);
}

/** The headers as they go on the wire, all of them text. */
export function encodeLifecycleHeaders(headers: LifecycleHeaders): Record<string, string> {
  return lifecycle.encode(headers);
}

function parse<T>(codec: HeaderCodec<T>, raw: RawHeaders, what: string): T {
  const issues: Issue[] = [];
  const tooLong = lengthIssue(raw);
  if (tooLong) throw new MessageError('HEADERS_INVALID', what, { issues: [tooLong] });
  const headers = codec.parse(raw, issues);
  if (headers !== undefined) return headers;
  const onlyDataHandler = issues.every(({ path }) => path === headerNames.dataHandler);
  throw new MessageError(onlyDataHandler ? 'DATA_HANDLER_UNSUPPORTED' : 'HEADERS_INVALID', what, { issues });
}

function lengthIssue(raw: RawHeaders): Issue | undefined {
  let characters = 0;
  for (const name in raw) {
    const value: unknown = raw[name];
    characters += name.length + (typeof value === 'string' ? value.length : 0);
  }
  if (characters <= MAX_HEADER_CHARACTERS) return undefined;
  return {
    path: '',
    message: `have ${characters} characters together, at most ${MAX_HEADER_CHARACTERS} are read`,
  };
}
