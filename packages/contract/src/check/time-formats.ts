// What the reference's own dates and times look like, which the stock formats refuse: times without a zone, durations with fractions
// and signs (protocol section 7: `uptime`). The reference knows the years 1 to 9999.
const DATE_TIME =
  /^(?!0000)\d{4}-\d\d-\d\d[Tt _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;
const TIME = /^\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;
const DATE = /^(?!0000)\d{4}-\d\d-\d\d$/;
const DURATION =
  /^[-+]?P(?!$)(?:(?<years>\d+(?:[.,]\d+)?)Y)?(?:(?<months>\d+(?:[.,]\d+)?)M)?(?:(?<weeks>\d+(?:[.,]\d+)?)W)?(?:(?<days>\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(?<hours>\d+(?:[.,]\d+)?)H)?(?:(?<minutes>\d+(?:[.,]\d+)?)M)?(?:(?<seconds>\d+(?:[.,]\d+)?)S)?)?$/;
/** As Python writes durations: `1 day, 02:03:04.5`, either part alone. */
const CLOCK_DURATION =
  /^[-+]?(?=\d)(?:(?<days>\d+) ?[Dd](?:[Aa][Yy][Ss]?)?(?:,? ?(?=\d)|$))?(?:\d+:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?)?$/;
const DAYS_OF: Readonly<Record<string, number>> = {
  years: 365,
  months: 30,
  weeks: 7,
  days: 1,
  hours: 1 / 24,
  minutes: 1 / 1440,
  seconds: 1 / 86_400,
};
/** What Python's timedelta holds. */
const DAYS_UNTIL = 1_000_000_000;

const ZERO = '0'.charCodeAt(0);

export function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && isDay(text) && isTimeOfDay(text, 11);
}

export function isDate(text: string): boolean {
  return DATE.test(text) && isDay(text);
}

export function isTime(text: string): boolean {
  return TIME.test(text) && isTimeOfDay(text, 0);
}

export function isDuration(text: string): boolean {
  const { groups } = DURATION.exec(text) ?? CLOCK_DURATION.exec(text) ?? {};
  if (!groups) return false;
  let days = 0;
  for (const [unit, count = '0'] of Object.entries(groups)) {
    days += Number(count.replace(',', '.')) * (DAYS_OF[unit] ?? 0);
  }
  return days < DAYS_UNTIL;
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
