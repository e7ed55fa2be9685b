import { decodePayload } from '@intersect-sdk/core';

const encoder = new TextEncoder();

/** JSON for people to read: two spaces a level. A bigint is written as its digits, which `JSON.stringify` refuses. */
export function jsonText(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner))
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [`${JSON.stringify(key)}: ${jsonText(item, inner)}`],
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/** Reads JSON that a person wrote, with all digits of whole numbers. Throws MessageError for what is none. */
export function parseJson(text: string): unknown {
  return decodePayload(encoder.encode(text), 'application/json', { integers: 'bigint' });
}
