import { type Issue, MessageError } from '../../errors/errors.js';
import type { AnswerState, WireVersion } from '../wire-version.js';
import type { FurtherHeaders } from './further-headers.js';
import { type HeaderCodec, headerCodec } from './header-codec.js';
import {
  type EventHeaders,
  type HeaderSchemas,
  headerSchemasOf,
  type LifecycleHeaders,
  type UserspaceHeaders,
} from './header-schemas.js';

/** The headers of a message as transports carry them. */
type RawHeaders = Readonly<Record<string, string>>;

/** How many characters the names and values of one message's headers may have together; as much as a frame holds (protocol section 9). */
export const MAX_HEADER_CHARACTERS = 131_072;

/** How the headers of messages are written and read. The functions have the rules of the public ones of the same names. */
export interface Headers {
  /** What each header is called on the wire. */
  readonly headerNames: WireVersion['headerNames'];
  readonly headerSchemas: HeaderSchemas;
  parseUserspaceHeaders(raw: RawHeaders): UserspaceHeaders;
  parseEventHeaders(raw: RawHeaders): EventHeaders;
  parseLifecycleHeaders(raw: RawHeaders): LifecycleHeaders;
  /** With further headers, which were checked. */
  encodeUserspaceHeaders(
    headers: Omit<UserspaceHeaders, 'hasError'>,
    further?: FurtherHeaders,
  ): Record<string, string>;
  /** With further headers, which were checked. */
  encodeEventHeaders(headers: EventHeaders, further?: FurtherHeaders): Record<string, string>;
  /** With further headers, which were checked. */
  encodeLifecycleHeaders(headers: LifecycleHeaders, further?: FurtherHeaders): Record<string, string>;
}

export function headersOf(version: WireVersion): Headers {
  const { headerNames, state } = version;
  const schemas = headerSchemasOf(version);
  const write = (answer: AnswerState): string => {
    const text = state.write(answer);
    if (text !== undefined) return text;
    const message = `cannot say '${answer}' in protocol version ${version.version}`;
    throw new MessageError('HEADERS_INVALID', 'The headers of a request or response cannot be written', {
      issues: [{ path: headerNames.state, message }],
    });
  };
  const notation = {
    names: headerNames,
    spellings: { state: { read: state.read, write, must: state.must } },
  };
  const userspace = headerCodec<Omit<UserspaceHeaders, 'hasError'>>(schemas.userspace, notation);
  const event = headerCodec<EventHeaders>(schemas.event, notation);
  const lifecycle = headerCodec<LifecycleHeaders>(schemas.lifecycle, notation);

  const parse = <T>(codec: HeaderCodec<T>, raw: RawHeaders, what: string): T => {
    const issues: Issue[] = [];
    const tooLong = lengthIssue(raw);
    if (tooLong) throw new MessageError('HEADERS_INVALID', what, { issues: [tooLong] });
    const headers = codec.parse(raw, issues);
    if (headers !== undefined) return headers;
    const onlyDataHandler = issues.every(({ path }) => path === headerNames.dataHandler);
    throw new MessageError(onlyDataHandler ? 'DATA_HANDLER_UNSUPPORTED' : 'HEADERS_INVALID', what, {
      issues,
    });
  };

  return {
    headerNames,
    headerSchemas: schemas,
    parseUserspaceHeaders(raw) {
      const headers: Writable = parse(userspace, raw, 'The headers of a request or response are not valid');
      headers.hasError = headers.state === 'error';
      return headers as UserspaceHeaders;
    },
    parseEventHeaders: (raw) => parse(event, raw, 'The headers of an event are not valid'),
    parseLifecycleHeaders: (raw) => parse(lifecycle, raw, 'The headers of a lifecycle message are not valid'),
    encodeUserspaceHeaders: (headers, further) => Object.assign(userspace.encode(headers), further),
    encodeEventHeaders: (headers, further) => Object.assign(event.encode(headers), further),
    encodeLifecycleHeaders: (headers, further) => Object.assign(lifecycle.encode(headers), further),
  };
}

/** What the codec made, which is not complete before it says whether there is an error. */
interface Writable {
  readonly state: string;
  hasError?: boolean;
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
