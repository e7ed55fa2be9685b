import type { EntryKind, EntryState, Row, SeenMessage } from './entry.js';

/** What to show of the timeline; all that is given must fit. */
export interface EntryFilter {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly campaign?: string | undefined;
  readonly kind?: EntryKind | undefined;
  readonly state?: EntryState | undefined;
  /** Anywhere in the names, headers and payloads. */
  readonly text?: string | undefined;
}

/** So much of a payload is looked through for a text, in bytes. */
const LOOKED_THROUGH_BYTES = 16_384;
const decoder = new TextDecoder();

/** Whether an entry is wanted. Capital and small letters are the same. */
export function matcherOf(filter: EntryFilter): (row: Row, messages: readonly SeenMessage[]) => boolean {
  const [service, operation, campaign, text] = [
    filter.service,
    filter.operation,
    filter.campaign,
    filter.text,
  ].map((part) => part?.trim().toLowerCase() ?? '');
  const has = (value: string, part: string | undefined): boolean =>
    !part || value.toLowerCase().includes(part);
  return (row, messages) =>
    (filter.kind === undefined || row.kind === filter.kind) &&
    (filter.state === undefined || row.state === filter.state) &&
    has(row.service, service) &&
    has(row.what, operation) &&
    has(row.campaign, campaign) &&
    (!text ||
      has([row.service, row.asker, row.what, row.reason ?? ''].join(' '), text) ||
      messages.some(({ message }) => has(textOf(message), text)));
}

function textOf({ headers, payload, contentType }: SeenMessage['message']): string {
  const names = Object.values(headers).join(' ');
  const isText = contentType === '' || /json|text|xml/.test(contentType);
  return isText ? `${names} ${decoder.decode(payload.subarray(0, LOOKED_THROUGH_BYTES))}` : names;
}
