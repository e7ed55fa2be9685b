import {
  IsEmail,
  IsHostname,
  IsIPv4,
  IsIPv6,
  IsJsonPointer,
  IsJsonPointerUriFragment,
  IsRegex,
  IsRelativeJsonPointer,
  IsUri,
  IsUriReference,
  IsUriTemplate,
  IsUrl,
} from 'typebox/format';
import { isPattern } from '../pattern/patterns.js';

/** What a format asks of texts, or of numbers; every other value passes. */
export type Format =
  | { readonly text: (text: string) => boolean }
  | { readonly number: (number: number) => boolean };

// What the reference's own dates and times look like, which the stock formats refuse: times without
// a zone, durations with fractions and signs (protocol section 7: `uptime`).
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const TIME = /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const DURATION =
  /^[-+]?P(?!$)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?W)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i;

const ZERO = '0'.charCodeAt(0);

const DATE = /^\d{4}-\d\d-\d\d$/;
const BASE_64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isDateTime = (text: string): boolean => DATE_TIME.test(text) && isDay(text) && isTimeOfDay(text, 11);
const isTime = (text: string): boolean => TIME.test(text) && isTimeOfDay(text, 0);

/** The formats that are checked. Any other, such as pydantic's `path`, says nothing about what a text must be. */
export const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['date-time', { text: isDateTime }],
  ['iso-date-time', { text: isDateTime }],
  ['date', { text: (text) => DATE.test(text) && isDay(text) }],
  ['time', { text: isTime }],
  ['iso-time', { text: isTime }],
  ['duration', { text: (text) => DURATION.test(text) }],
  ['uuid', { text: (text) => UUID.test(text) }],
  ['uri', { text: IsUri }],
  ['uri-reference', { text: IsUriReference }],
  ['uri-template', { text: IsUriTemplate }],
  ['url', { text: IsUrl }],
  ['email', { text: IsEmail }],
  ['hostname', { text: IsHostname }],
  ['ipv4', { text: IsIPv4 }],
  ['ipv6', { text: IsIPv6 }],
  ['json-pointer', { text: IsJsonPointer }],
  ['json-pointer-uri-fragment', { text: IsJsonPointerUriFragment }],
  ['relative-json-pointer', { text: IsRelativeJsonPointer }],
  // An expression may be one of Python's or of JavaScript's.
  ['regex', { text: (text) => isPattern(text) || IsRegex(text) }],
  ['byte', { text: (text) => BASE_64.test(text) }],
  ['int32', { number: (number) => Number.isInteger(number) && Math.abs(number + 0.5) < 2 ** 31 }],
  ['int64', { number: Number.isInteger }],
]);

const WORDS: Readonly<Record<string, string>> = {
  'date-time': 'a date and time like 2026-01-31T12:00:00Z',
  date: 'a date like 2026-01-31',
  time: 'a time of day like 12:00:00',
  duration: 'a duration like PT1.5S',
  uuid: 'a UUID',
  uri: 'a URL',
  email: 'an e-mail address',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
};

/** What a format asks for, in words. */
export function formatInWords(format: string): string {
  return Object.hasOwn(WORDS, format) ? `${WORDS[format]}` : `text in the format '${format}'`;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * For a text that begins like `2026-01-31`. Digits are read where they are: with `split` or `Number` this
 * takes longer than all the rest.
 */
function isDay(text: string): boolean {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const limit = DAYS[month - 1] ?? 0;
  return day >= 1 && day <= limit && (month !== 2 || day < 29 || isLeapYear(Number(text.slice(0, 4))));
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** For a text whose time of day, `12:00` or `12:00:00`, begins at `start`. */
function isTimeOfDay(text: string, start: number): boolean {
  const seconds = text[start + 5] === ':' ? twoDigits(text, start + 6) : 0;
  return twoDigits(text, start) < 24 && twoDigits(text, start + 3) < 60 && seconds < 60;
}

function twoDigits(text: string, index: number): number {
  return 10 * (text.charCodeAt(index) - ZERO) + text.charCodeAt(index + 1) - ZERO;
}
