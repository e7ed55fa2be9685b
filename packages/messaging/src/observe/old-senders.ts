import { decodePayload, MessageError, type WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';

/** A longer message is not looked into: all that is wanted of it is a name and a version. */
const LONGEST_READ = 1024 * 1024;
const MOST_REMEMBERED = 1_000;
const VERSION = /^0\.[0-8]\.\d{1,6}/;
const SOURCE = /^[\w.-]{1,255}$/;
const OPEN_OBJECT = 0x7b;

/**
 * Recognises what SDKs before 0.9 send. They wrote the headers into the payload, so that nothing of such a message can be read as
 * what it is, and both sides would only see that the other is silent.
 */
export class OldSenders {
  readonly #wire: Wire;
  readonly #told = new Set<string>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Why the message can't be read; `known` where that was said of its sender before. Undefined for any other message. */
  problemOf(message: WireMessage): MessageError | 'known' | undefined {
    const headers = oldHeadersOf(message, this.#wire);
    const [version] = VERSION.exec(String(headers?.sdk_version)) ?? [];
    if (version === undefined) return undefined;
    const given: unknown = headers?.source;
    // As it stands in a message: nothing that could forge a line of a log.
    const source = typeof given === 'string' && SOURCE.test(given) ? given : 'an unknown sender';
    const sender = `${source} ${version}`;
    if (this.#told.has(sender)) return 'known';
    if (this.#told.size < MOST_REMEMBERED) this.#told.add(sender);
    return new MessageError(
      'VERSION_INCOMPATIBLE',
      [
        `A message of ${source} on ${message.channel} was sent by SDK ${version},`,
        'and the wire changed in 0.9: neither side can read the other.',
        'Both need an SDK of 0.9; further messages of this sender are refused without a word.',
      ].join(' '),
    );
  }
}

function oldHeadersOf(
  { payload, headers }: WireMessage,
  wire: Wire,
): Readonly<Record<string, unknown>> | undefined {
  if (Object.hasOwn(headers, wire.headerNames.sdkVersion)) return undefined;
  if (payload[0] !== OPEN_OBJECT || payload.byteLength > LONGEST_READ) return undefined;
  try {
    const body = decodePayload(payload, DEFAULT_CONTENT_TYPE) as { readonly headers?: unknown };
    const { headers: old } = body;
    return typeof old === 'object' && old !== null ? (old as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
