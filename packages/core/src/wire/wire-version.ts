import type { Hierarchy } from './hierarchy.js';

/**
 * What an answer is: the final one (`complete` or `error`), or a sign of life (`progress`) after which the final one still
 * comes. A request is always `complete`.
 */
export type AnswerState = 'complete' | 'error' | 'progress';

/** One part of an address. */
interface AddressPart {
  readonly name: keyof Hierarchy;
  /** Written in an address for a part that is not given. A part without it is required. */
  readonly absent?: string;
}

/** How the state of an answer stands in a header, which may be missing: then it is `complete`. */
interface StateHeader {
  /** Of the header in the schema documents of services. */
  readonly title: string;
  /** Undefined for a text that says no state. */
  read(text: string): AnswerState | undefined;
  /** Undefined for a state that this version lacks. */
  write(state: AnswerState): string | undefined;
  /** What the text must be, for the sentence of an issue. */
  readonly must: string;
}

/** The fields of our header types that stand on the wire, each under a name of the version's own. */
type HeaderField =
  | 'messageId'
  | 'campaignId'
  | 'requestId'
  | 'source'
  | 'destination'
  | 'createdAt'
  | 'sdkVersion'
  | 'operationId'
  | 'dataHandler'
  | 'state'
  | 'capabilityName'
  | 'eventName'
  | 'lifecycleType';

/**
 * Everything in which one version of the protocol differs from others (protocol sections 1 to 3). Plain
 * values: `createWire` makes of them what programs use.
 */
export interface WireVersion {
  /** Goes out as the header `sdk_version`. */
  readonly version: string;
  /** In the order in which they stand in an address. */
  readonly addressParts: readonly AddressPart[];
  readonly addressSeparator: string;
  /** What a header with an address must match, which is less strict than what we send to. */
  readonly addressPattern: string;
  /** What an address must be, in words. */
  readonly addressHint: string;
  readonly partPattern: string;
  /** What a part of an address must be, in words. */
  readonly partHint: string;
  readonly channelSuffixes: Readonly<Record<'request' | 'response' | 'events' | 'lifecycle', string>>;
  readonly headerNames: Readonly<Record<HeaderField, string>>;
  readonly state: StateHeader;
}
