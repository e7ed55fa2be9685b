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
import { isDate, isDateTime, isDuration, isTime } from './time-formats.js';

/** What a format asks of texts, or of numbers; every other value passes. */
export type Format =
  | { readonly text: (text: string) => boolean }
  | { readonly number: (number: number) => boolean };

// As Rust reads them for the reference: bare, with hyphens, and those with hyphens also in braces or as a URN.
const UUID_BARE = /^[0-9a-f]{32}$/i;
const UUID_HYPHENS =
  /^(?:urn:uuid:|\{)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(\})?$/i;
const UUID_VERSIONS = [1, 3, 4, 5, 6, 7, 8];
const BASE_64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PREFIX = /^\d{1,3}$/;

/** The formats that are checked. Any other, such as pydantic's `path`, says nothing about what a text must be. */
export const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['date-time', { text: isDateTime }],
  ['iso-date-time', { text: isDateTime }],
  ['date', { text: isDate }],
  ['time', { text: isTime }],
  ['iso-time', { text: isTime }],
  ['duration', { text: isDuration }],
  ['uuid', { text: isUuid }],
  ...UUID_VERSIONS.map((version): [string, Format] => [`uuid${version}`, uuidOf(version)]),
  ['uri', { text: (text) => IsUri(inAscii(text)) }],
  ['uri-reference', { text: IsUriReference }],
  ['uri-template', { text: IsUriTemplate }],
  ['url', { text: IsUrl }],
  ['email', { text: IsEmail }],
  ['hostname', { text: IsHostname }],
  ['ipv4', { text: IsIPv4 }],
  ['ipv6', { text: isIPv6 }],
  ['ipvanyaddress', { text: (text) => IsIPv4(text) || isIPv6(text) }],
  ...['network', 'interface'].flatMap((what): [string, Format][] => [
    [`ipv4${what}`, { text: isRangeOfIPv4 }],
    [`ipv6${what}`, { text: isRangeOfIPv6 }],
    [`ipvany${what}`, { text: (text) => isRangeOfIPv4(text) || isRangeOfIPv6(text) }],
  ]),
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

function isUuid(text: string): boolean {
  if (UUID_BARE.test(text)) return true;
  const [whole, , brace] = UUID_HYPHENS.exec(text) ?? [];
  return whole !== undefined && whole.startsWith('{') === (brace !== undefined);
}

function uuidOf(version: number): Format {
  const digits = new RegExp(`^.{12}${version}.{3}[89ab]`, 'i');
  return { text: (text) => isUuid(text) && digits.test(hexOf(text)) };
}

/** The 32 digits of a UUID. */
function hexOf(text: string): string {
  return (UUID_HYPHENS.exec(text)?.[1] ?? text).replaceAll('-', '');
}

/** The reference takes addresses with letters of any language, of which the rules for ASCII say nothing. */
function inAscii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins there
  return text.replace(/[^\x00-\x7f]/gu, 'x');
}

/** Also with the interface that a local address is of, as in `fe80::1%eth0`. */
function isIPv6(text: string): boolean {
  return IsIPv6(text.replace(/%[^%/]+$/, ''));
}

/** An address, or one with the bits of its network: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`. */
function isRangeOfIPv4(text: string): boolean {
  const { address, prefix } = splitRange(text);
  return (
    IsIPv4(address) &&
    (prefix === undefined || IsIPv4(prefix) || (PREFIX.test(prefix) && Number(prefix) <= 32))
  );
}

function isRangeOfIPv6(text: string): boolean {
  const { address, prefix } = splitRange(text);
  return isIPv6(address) && (prefix === undefined || (PREFIX.test(prefix) && Number(prefix) <= 128));
}

function splitRange(text: string): { readonly address: string; readonly prefix: string | undefined } {
  const slash = text.indexOf('/');
  if (slash < 0) return { address: text, prefix: undefined };
  return { address: text.slice(0, slash), prefix: text.slice(slash + 1) };
}
