const EPOCH = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MIDNIGHT = /^(\d{4}-\d\d-\d\d)[Tt _]00:00(?::00(?:[.,]0+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
/** Beyond it a number of seconds is one of milliseconds. */
const SECONDS_UNTIL = 20_000_000_000;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const DAY_S = 86_400;
/** What Python's timedelta holds. */
const DAYS_UNTIL = 1_000_000_000;

/** A number as the reference reads it where a time is asked for; undefined if it is none. */
export function numberToTime(value: number, format: unknown): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (format === 'duration') return duration(value);
  if (format === 'time') return value >= 0 && value < DAY_S ? instant(value)?.slice(11) : undefined;
  if (format !== 'date-time' && format !== 'date') return undefined;
  const text = Math.abs(value) > SECONDS_UNTIL ? instant(value, 1000) : instant(value);
  return format === 'date-time' || text === undefined ? text : midnight(text);
}

/** The seconds since 1970, as text, where a date is asked for; strictly only whole ones are a day. */
export function epochText(text: string, format: unknown, isLenient: boolean): string | undefined {
  if ((format !== 'date-time' && format !== 'date') || !EPOCH.test(text)) return undefined;
  if (format === 'date' && !isLenient && text.includes('.')) return undefined;
  return numberToTime(Number(text), format);
}

/** A date where a date and time is asked for, and a midnight where a date is. */
export function textToTime(text: string, format: unknown): string | undefined {
  if (format === 'date-time' && DATE.test(text)) return `${text}T00:00:00`;
  return format === 'date' ? midnight(text) : undefined;
}

function midnight(text: string): string | undefined {
  return MIDNIGHT.exec(text)?.[1];
}

function instant(value: number, perSecond = 1): string | undefined {
  const { whole, fraction } = split(value, perSecond);
  if (whole < FIRST_SECOND || whole > LAST_SECOND) return undefined;
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`;
}

function duration(value: number): string | undefined {
  if (Math.abs(value) >= DAYS_UNTIL * DAY_S) return undefined;
  const { whole, fraction } = split(Math.abs(value), 1);
  return `${value < 0 ? '-' : ''}PT${whole}${fraction && `.${fraction.replace(/0+$/, '')}`}S`;
}

/** Whole seconds, and the six digits behind them, which are none where they are zero. */
function split(value: number, perSecond: number): { readonly whole: number; readonly fraction: string } {
  const whole = Math.floor(value / perSecond);
  const micros = Math.round(((value - whole * perSecond) * 1_000_000) / perSecond);
  if (micros === 1_000_000) return { whole: whole + 1, fraction: '' };
  return { whole, fraction: micros === 0 ? '' : String(micros).padStart(6, '0') };
}
