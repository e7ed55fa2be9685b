import type { Report } from '@intersect-sdk/client';
import { type CodesOf, IntersectError } from '@intersect-sdk/core';

/** A test expected something else of its lab: LAB_NOT_SEEN, LAB_REPORTS. */
export class LabError extends IntersectError {
  /** What was reported in the lab and not taken; empty where that is no matter. */
  readonly reports: readonly Report[];

  constructor(code: CodesOf<'LabError'>, message: string, reports: readonly Report[]) {
    super(code, message);
    this.reports = reports;
  }
}
// The same in both builds and after minifying, as with all errors of the SDK.
LabError.prototype.name = 'LabError';

/** One report as a line; none holds a payload. */
export function lineOf({ kind, message, operation, capability, event, source }: Report): string {
  const about = operation ?? (capability && event ? `${capability}.${event}` : undefined);
  const where = [about && `of ${about}`, source && `from ${source}`].filter(Boolean).join(' ');
  return `${kind}${where && ` ${where}`}: ${message}`;
}
