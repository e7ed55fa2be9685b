import type { OptionFacts } from '@intersect-sdk/core/internal';

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...['true', 't', 'yes', 'y', 'on', '1', 1].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0', 0].map((word) => [word, false] as const),
]);

/**
 * A value of a file or of the environment as the option's row takes it: where it wants a number or a flag, texts that say
 * one are taken as the Python SDK takes them. Everything else stays as it is, for the row to judge.
 */
export function fromText(value: unknown, { json }: OptionFacts): unknown {
  const type = json?.type;
  if (type === 'boolean') return FLAGS.get(typeof value === 'string' ? value.toLowerCase() : value) ?? value;
  const isNumber = type === 'number' || type === 'integer';
  if (!isNumber || typeof value !== 'string') return value;
  return /^\s*[+-]?\d+(\.\d*)?(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
}
