import { newId } from '../uuid.js';
import { endOfString, isDigit, LEAST_BIG_DIGITS } from './json-limits.js';

const [QUOTE, PLUS, MINUS, POINT, NINE, LARGE_E, SMALL_E] = [0x22, 0x2b, 0x2d, 0x2e, 0x39, 0x45, 0x65];
const LARGEST_SAFE = String(Number.MAX_SAFE_INTEGER);

/** Where a whole number stands in a text: from `begin` to before `end`, its sign included. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

/**
 * Whether a JSON text has a whole number that is another one as a number of JavaScript, which has 53 bits: 9007199254740993
 * becomes 9007199254740992. For a text that was found to be JSON, of finite numbers.
 */
export function losesDigits(json: string): boolean {
  for (let span = nextBigInteger(json, 0); span; span = nextBigInteger(json, span.end)) {
    const digits = json.slice(span.begin, span.end);
    if (BigInt(Number(digits)) !== BigInt(digits)) return true;
  }
  return false;
}

/**
 * What a JSON text says, with a bigint for each whole number beyond 2^53. For a text that was found to be JSON, of finite numbers.
 * The parser is JavaScript's own here too, so that both ways understand a text alike: it gets those numbers as strings, with a mark
 * that the sender can't have known.
 */
export function parseBigIntegers(json: string): unknown {
  const mark = newId();
  let marked = '';
  let copied = 0;
  for (let span = nextBigInteger(json, 0); span; span = nextBigInteger(json, span.end)) {
    const { begin, end } = span;
    marked += `${json.slice(copied, begin)}"${mark}${json.slice(begin, end)}"`;
    copied = end;
  }
  return JSON.parse(marked + json.slice(copied), (_key, item: unknown) =>
    typeof item === 'string' && item.startsWith(mark) ? BigInt(item.slice(mark.length)) : item,
  );
}

/** A value that JSON can carry, as JSON, with the digits of its bigints. */
export function stringifyBigIntegers(value: unknown): string {
  const mark = newId();
  const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, item: unknown) {
    // Some programs give bigints a `toJSON`, which has been called by then.
    const given = this[key];
    const integer = typeof given === 'bigint' ? given : item;
    return typeof integer === 'bigint' ? `${mark}${integer}` : item;
  });
  return text.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}

/**
 * Where the next whole number beyond 2^53 stands, at `start` or behind it, where no string may be open. A number that is written with a
 * fraction or an exponent is none.
 */
function nextBigInteger(json: string, start: number): Span | undefined {
  let at = start;
  while (at < json.length) {
    const unit = json.charCodeAt(at);
    if (!isDigit(unit)) {
      at = unit === QUOTE ? endOfString(json, at) + 1 : at + 1;
      continue;
    }
    const begin = at;
    while (isDigit(json.charCodeAt(at))) at++;
    const isWhole = !isInNumber(json.charCodeAt(at));
    while (isInNumber(json.charCodeAt(at))) at++;
    if (isWhole && isBig(json, begin, at)) {
      return { begin: json.charCodeAt(begin - 1) === MINUS ? begin - 1 : begin, end: at };
    }
  }
  return undefined;
}

function isInNumber(unit: number): boolean {
  return (
    isDigit(unit) || unit === POINT || unit === SMALL_E || unit === LARGE_E || unit === PLUS || unit === MINUS
  );
}

function isBig(json: string, begin: number, end: number): boolean {
  const digits = end - begin;
  if (digits !== LEAST_BIG_DIGITS) return digits > LEAST_BIG_DIGITS;
  return json.charCodeAt(begin) === NINE && json.slice(begin, end) > LARGEST_SAFE;
}
