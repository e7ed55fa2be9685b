import { encodePayload } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';

const decoder = new TextDecoder();

/** JSON on one line. A bigint that came in is written as the digits that it came as. */
export function jsonOf(value: unknown): string {
  return decoder.decode(encodePayload(value, DEFAULT_CONTENT_TYPE));
}
