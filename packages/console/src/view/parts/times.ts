/** `14:03:22.120` of today; with the day where it is another one. */
export function timeText(ms: number): string {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const whole = `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  if (at.toDateString() === new Date().toDateString()) return whole;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${whole}`;
}

/** `12 ms`, `3.4 s`, `5 min`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
