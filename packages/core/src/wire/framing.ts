import { type Issue, MessageError } from '../errors/errors.js';
import type { WireMessage } from './wire-message.js';

/** A message without its channel. */
export type FramedMessage = Omit<WireMessage, 'channel'>;

const END_OF_HEADERS = 1;
const KEY_VALUE = '\u0002';
const NEXT_HEADER = '\u0003';
const SEPARATORS = ['\u0001', KEY_VALUE, NEXT_HEADER];
const CONTENT_TYPE_KEY = 'content_type';

/** How many bytes of a frame the headers may take, the mark of their end included. */
export const MAX_FRAME_HEADER_BYTES = 131_072;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Puts content type and headers in front of the payload, for protocols that have no headers (protocol
 * section 9). Throws MessageError FRAME_INVALID with every header that a frame cannot carry.
 */
export function encodeFrame(message: FramedMessage): Uint8Array {
  const entries = Object.entries(message.headers);
  const issues = [
    ...textIssues(CONTENT_TYPE_KEY, message.contentType),
    ...entries.flatMap(([key, value]) => [...textIssues(key, key), ...textIssues(key, value)]),
    ...(Object.hasOwn(message.headers, CONTENT_TYPE_KEY)
      ? [{ path: CONTENT_TYPE_KEY, message: 'cannot be a header: the frame carries the content type there' }]
      : []),
  ];
  if (issues.length > 0) throw invalid('The message cannot be framed', issues);
  const head = encoder.encode(
    [[CONTENT_TYPE_KEY, message.contentType], ...entries]
      .map((pair) => pair.join(KEY_VALUE))
      .join(NEXT_HEADER),
  );
  if (head.length >= MAX_FRAME_HEADER_BYTES) {
    throw invalid(
      `The message cannot be framed: its headers take ${head.length} bytes, at most ${MAX_FRAME_HEADER_BYTES - 1} fit`,
    );
  }
  const frame = new Uint8Array(head.length + 1 + message.payload.length);
  frame.set(head);
  frame[head.length] = END_OF_HEADERS;
  frame.set(message.payload, head.length + 1);
  return frame;
}

/**
 * Takes a frame apart. The payload is a view of `frame`, not a copy. Throws MessageError
 * FRAME_INVALID for what is no frame or has its end of headers beyond the first 131,072 bytes.
 */
export function decodeFrame(frame: Uint8Array): FramedMessage {
  const end = frame.subarray(0, MAX_FRAME_HEADER_BYTES).indexOf(END_OF_HEADERS);
  if (end === -1) {
    throw invalid(`The frame cannot be read: no end of headers in its first ${MAX_FRAME_HEADER_BYTES} bytes`);
  }
  const issues: Issue[] = [];
  const headers = new Map<string, string>();
  for (const [index, part] of headText(frame.subarray(0, end)).split(NEXT_HEADER).entries()) {
    const [key, value, ...more] = part.split(KEY_VALUE);
    const path = `headers[${index}]`;
    if (key === undefined || value === undefined || more.length > 0) {
      issues.push({ path, message: 'must be one key and one value' });
    } else if (headers.has(key)) {
      issues.push({ path, message: 'has the same key as an earlier header' });
    } else {
      headers.set(key, value);
    }
  }
  const contentType = headers.get(CONTENT_TYPE_KEY);
  headers.delete(CONTENT_TYPE_KEY);
  if (contentType === undefined) issues.push({ path: CONTENT_TYPE_KEY, message: 'is missing' });
  if (contentType === undefined || issues.length > 0) throw invalid('The frame cannot be read', issues);
  return { contentType, headers: Object.fromEntries(headers), payload: frame.subarray(end + 1) };
}

function headText(head: Uint8Array): string {
  try {
    return decoder.decode(head);
  } catch {
    throw invalid('The frame cannot be read: its headers are not UTF-8 text');
  }
}

function textIssues(path: string, text: string): Issue[] {
  if (!SEPARATORS.some((separator) => text.includes(separator))) return [];
  const message = 'has a control character (1, 2 or 3) that frames use';
  return [{ path: SEPARATORS.reduce((shown, separator) => shown.replaceAll(separator, '?'), path), message }];
}

function invalid(what: string, issues?: readonly Issue[]): MessageError {
  return new MessageError('FRAME_INVALID', what, issues ? { issues } : {});
}
