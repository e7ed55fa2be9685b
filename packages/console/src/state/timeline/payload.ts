import { decodePayload, type WireMessage } from '@intersect-sdk/core';

/** A payload as it can be shown. */
export type ShownPayload =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text' | 'image' | 'bytes' | 'empty'; readonly value?: undefined };

export function payloadOf({
  payload,
  contentType,
}: Pick<WireMessage, 'payload' | 'contentType'>): ShownPayload {
  if (payload.length === 0) return { kind: 'empty' };
  if (contentType.startsWith('image/')) return { kind: 'image' };
  try {
    if (contentType === '' || contentType.includes('json')) {
      return { kind: 'json', value: decodePayload(payload, 'application/json', { integers: 'bigint' }) };
    }
    new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return { kind: 'text' };
  } catch {
    return { kind: 'bytes' };
  }
}
