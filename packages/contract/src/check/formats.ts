// What the reference's own dates and times look like, which the stock formats refuse: times without
// a zone, durations with fractions and signs (protocol section 7: `uptime`).
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const TIME = /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const DURATION =
  /^[-+]?P(?!$)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?W)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i;

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Formats that are checked otherwise than by the validator's own definitions. */
export const OWN_FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  'date-time': (text) => DATE_TIME.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  time: (text) => TIME.test(text) && isTime(text),
  duration: DURATION,
  uuid: UUID,
};

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

function isDate(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) - (month === 2 && !leap ? 1 : 0);
}

function isTime(time: string): boolean {
  const [hour = 0, minute = 0, second = 0] = time
    .slice(0, 8)
    .split(/[:.,Zz+-]/)
    .map(Number);
  return hour < 24 && minute < 60 && second < 60;
}
