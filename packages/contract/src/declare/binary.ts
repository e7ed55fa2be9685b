import { kindOf } from '@intersect-sdk/core/internal';
import type { Check } from '../check/check.js';

/** The schema of raw bytes with a content type of their own. Their value is a `Uint8Array`. */
export interface TBinary<ContentType extends string = string> {
  readonly type: 'string';
  readonly format: 'binary';
  readonly contentMediaType: ContentType;
}

/** What may be said about binary data besides its content type. Shown in the service's schema. */
export interface BinaryOptions {
  readonly title?: string;
  readonly description?: string;
  /** In bytes. A longer request is refused. */
  readonly maxLength?: number;
}

/**
 * A payload that is bytes and not JSON: it travels untouched, under this content type, and the
 * handler gets or gives a `Uint8Array`. Only as a whole request, response or event, never inside
 * another schema. An empty request body is an empty `Uint8Array`.
 */
export function Binary<const ContentType extends string>(
  contentType: ContentType,
  options: BinaryOptions = {},
): TBinary<ContentType> {
  return { type: 'string', format: 'binary', contentMediaType: contentType, ...options };
}

/** True for `Binary(...)` and for a JSON Schema that says the same in plain words. */
export function isBinary(schema: unknown): schema is TBinary & BinaryOptions {
  const { type, format, contentMediaType } = (schema ?? {}) as Record<string, unknown>;
  return type === 'string' && format === 'binary' && typeof contentMediaType === 'string';
}

/** The check of a payload that is bytes. */
export function binaryCheck({ maxLength }: TBinary & BinaryOptions): Check {
  return (value) => {
    if (!(value instanceof Uint8Array)) {
      return { ok: false, issues: [{ path: '', message: `must be a Uint8Array, got ${kindOf(value)}` }] };
    }
    if (maxLength !== undefined && value.length > maxLength) {
      return { ok: false, issues: [{ path: '', message: `must have at most ${maxLength} bytes` }] };
    }
    return { ok: true, value };
  };
}
