/** What the name of a capability and of an event looks like, in every version of the protocol. */
export const NAME_PATTERN = '^[a-zA-Z0-9]\\w*$';

const NAME = new RegExp(NAME_PATTERN);
const CONTENT_TYPE = /^\w+\/[-+.\w]+$/;
const MAX_NAME_LENGTH = 255;

/** The capability that every service has; no other capability may take the name. */
export const RESERVED_CAPABILITY = 'intersect_sdk';

/** The content type of a payload that is JSON, and of one whose sender names none. */
export const DEFAULT_CONTENT_TYPE = 'application/json';

/** True for what may name a capability; `intersect_sdk` is one too, although reserved. */
export function isCapabilityName(text: string): boolean {
  return NAME.test(text) && text.length <= MAX_NAME_LENGTH;
}

/** True for what may name an event. */
export function isEventName(text: string): boolean {
  return isCapabilityName(text);
}

/**
 * True for a content type without parameters (`image/png`; not `text/html; charset=utf-8`). Services
 * compare content types as exact text, so a parameter would never match.
 */
export function isContentType(text: string): boolean {
  return CONTENT_TYPE.test(text);
}
