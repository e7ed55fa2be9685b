/** On a message that comes before the answer, which has none: what it is. */
export const PART_HEADER = 'x-intersect-part';

/** The number of an item, or how many there are; what of the two, the kind of the message says. */
export const SEQ_HEADER = 'x-intersect-seq';

/** On a message from the asker to the response channel of the service: what is to be done with the request. */
export const CONTROL_HEADER = 'x-intersect-control';

/** In the schema of an answer: its items can be had one by one. */
export const STREAM_KEY = 'x-intersect-stream';

/** How often a service says that it still has a request, in ms. */
export const ALIVE_EVERY_MS = 5_000;

/** How far a service may be ahead of the reader of its items: as soon as one of both is reached, it waits. */
export const CREDIT_ITEMS = 64;
export const CREDIT_BYTES = 4 * 1024 * 1024;

const PARTS = ['taken', 'alive', 'progress', 'items'] as const;
const CONTROLS = ['cancel', 'credit', 'resend'] as const;

/** What comes before an answer. */
export type PartKind = (typeof PARTS)[number];

/** What an asker says about a request that a service has. */
export type ControlKind = (typeof CONTROLS)[number];

type RawHeaders = Readonly<Record<string, string>>;

/** Undefined for a kind that is not known. */
export function partKindOf(headers: RawHeaders): PartKind | undefined {
  return PARTS.find((kind) => kind === headers[PART_HEADER]);
}

/** Undefined for a kind that is not known. */
export function controlKindOf(headers: RawHeaders): ControlKind | undefined {
  return CONTROLS.find((kind) => kind === headers[CONTROL_HEADER]);
}

/** Undefined where it is missing or no number of an item. */
export function seqOf(headers: RawHeaders): number | undefined {
  const text = headers[SEQ_HEADER];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
