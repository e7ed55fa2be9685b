/** A message as only these tests send it: anything may stand in it. */
export interface RawMessage {
  readonly channel: string;
  readonly payload: Uint8Array;
  readonly contentType: string | undefined;
  /** Pairs, so that a name can come twice; values need not be text. */
  readonly headers: readonly (readonly [name: string, value: unknown])[];
}

/** What a protocol can carry that a well-behaved program never sends. */
export interface Abilities {
  /** Header values that are no text. */
  readonly nonStrings: boolean;
  /** One header several times. */
  readonly doubles: boolean;
  /** Control characters in headers. */
  readonly controls: boolean;
  /** The longest header value, in bytes. */
  readonly longestText: number;
  /** All headers together, in bytes. */
  readonly headerRoom: number;
  readonly longestContentType: number;
  readonly largestPayload: number;
}

/** The message with another value of one header; undefined removes it. */
export function withHeader(message: RawMessage, name: string, value: unknown): RawMessage {
  const others = message.headers.filter(([known]) => known !== name);
  return { ...message, headers: value === undefined ? others : [...others, [name, value]] };
}

export function withHeaders(message: RawMessage, values: Readonly<Record<string, unknown>>): RawMessage {
  return Object.entries(values).reduce((changed, [name, value]) => withHeader(changed, name, value), message);
}
