const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const LOOSE =
  /^(\d{4}-\d\d-\d\d)[Tt _](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?:([Zz])|([+\u2212-])(\d\d):?(\d\d))$/;
const EPOCH = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// A bare number beyond this is taken as milliseconds, below as seconds, as the reference does.
const SECONDS_UNTIL = 20_000_000_000;
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const LONGEST = 64;

/** The current time as headers carry it: ISO 8601 in UTC with the offset `+00:00`. */
export function nowIso(): string {
  const ms = Date.now();
  if (ms !== latest.ms) latest = { ms, text: isoOf(ms) };
  return latest.text;
}

/** Kept, because many messages are sent within one millisecond, and this text takes longer to make than all other headers. */
let latest = { ms: 0, text: isoOf(0) };

/**
 * A time as ISO 8601 with offset, in a form that `new Date` reads; undefined for what is none or has
 * no offset. What is in that form already comes back as it is; a bare number is an epoch time.
 */
export function normaliseTimestamp(text: string): string | undefined {
  if (CANONICAL.test(text)) return isInRange(text) ? text : undefined;
  if (text.length > LONGEST) return undefined;
  if (EPOCH.test(text)) {
    const epoch = Number(text);
    const ms = Math.abs(epoch) > SECONDS_UNTIL ? epoch : epoch * 1000;
    return ms >= FIRST_MS && ms <= LAST_MS ? isoOf(ms) : undefined;
  }
  const [, date, minutes, seconds, fraction, zulu, sign, offsetHours, offsetMinutes] = LOOSE.exec(text) ?? [];
  if (date === undefined || (fraction !== undefined && seconds === undefined)) return undefined;
  const offset = zulu ? 'Z' : `${sign === '+' ? '+' : '-'}${offsetHours}:${offsetMinutes}`;
  const canonical = `${date}T${minutes}${seconds ?? ':00'}${fraction ? `.${fraction}` : ''}${offset}`;
  return isInRange(canonical) ? canonical : undefined;
}

function isoOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}+00:00`;
}

function isInRange(canonical: string): boolean {
  const year = twoDigits(canonical, 0) * 100 + twoDigits(canonical, 2);
  const month = twoDigits(canonical, 5);
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const day = twoDigits(canonical, 8);
  const end = canonical.length;
  return (
    year >= 1 &&
    day >= 1 &&
    day <= (DAYS[month - 1] ?? 0) + leapDay &&
    twoDigits(canonical, 11) < 24 &&
    twoDigits(canonical, 14) < 60 &&
    twoDigits(canonical, 17) < 60 &&
    (canonical.endsWith('Z') || (twoDigits(canonical, end - 5) < 24 && twoDigits(canonical, end - 2) < 60))
  );
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
