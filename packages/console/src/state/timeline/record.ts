import { base64Of, bytesOf } from '../bytes.js';
import type { SeenMessage } from './entry.js';

const KINDS: ReadonlySet<unknown> = new Set(['request', 'answer', 'event', 'lifecycle']);

/** One message as a line of JSON, as `intersect monitor --record` writes it; `further` stands beside that. */
export function recordLine({ atMs, kind, address, broker, message }: SeenMessage, further = {}): string {
  const { channel, contentType, headers, payload } = message;
  const at = new Date(atMs).toISOString();
  return JSON.stringify({
    at,
    kind,
    address,
    broker,
    channel,
    contentType,
    headers,
    base64: base64Of(payload),
    ...further,
  });
}

export interface ReadRecord {
  readonly messages: readonly SeenMessage[];
  /** The numbers of lines that are no messages. */
  readonly wrongLines: readonly number[];
}

/** Reads such lines, whoever wrote them. */
export function readRecord(text: string): ReadRecord {
  const messages: SeenMessage[] = [];
  const wrongLines: number[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const message = readLine(line);
    if (message) messages.push(message);
    else wrongLines.push(index + 1);
  });
  return { messages, wrongLines };
}

function readLine(line: string): SeenMessage | undefined {
  try {
    const read = JSON.parse(line) as Record<string, unknown>;
    const { at, kind, address, broker, channel, contentType, headers, base64 } = read;
    const atMs = Date.parse(String(at));
    const isText = [address, broker, channel, contentType, base64].every(
      (value) => typeof value === 'string',
    );
    if (!isText || !KINDS.has(kind) || Number.isNaN(atMs) || !isTexts(headers)) return undefined;
    return {
      kind: kind as SeenMessage['kind'],
      address: address as string,
      broker: broker as string,
      atMs,
      own: read.own === true,
      message: {
        channel: channel as string,
        contentType: contentType as string,
        headers,
        payload: bytesOf(base64 as string),
      },
    };
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}
