import { InvalidArgumentError } from 'commander';

const MS_OF_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `30s`, `5m`, `2h`, or seconds without a unit; in ms. */
export function durationMs(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * MS_OF_UNIT[unit as keyof typeof MS_OF_UNIT]);
  if (ms >= 1 && ms <= 2 ** 31 - 1) return ms;
  throw new InvalidArgumentError('It must be a time such as 500ms, 30s, 5m or 2h.');
}

/** A whole number, not negative. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
