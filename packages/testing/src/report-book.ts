import type { Observer, Report, ReportKind } from '@intersect-sdk/client';
import { LabError, lineOf } from './lab-error.js';
import { Log } from './log.js';

/** What the lab's client and services report, and what of it the test has taken. */
export class ReportBook {
  readonly log = new Log<Report>();
  readonly #taken = new Set<Report>();

  readonly observer: Observer = { onReport: (report) => this.log.add(report) };

  /** Those that nobody has taken, of one kind or of all. */
  left(kind?: ReportKind): readonly Report[] {
    return this.log.items.filter(
      (report) => !this.#taken.has(report) && (kind === undefined || report.kind === kind),
    );
  }

  take(reports: readonly Report[]): readonly Report[] {
    for (const report of reports) this.#taken.add(report);
    return reports;
  }

  /** Throws LAB_REPORTS where some were not taken. */
  throwIfLeft(): void {
    const reports = this.left();
    if (reports.length === 0) return;
    const text = [
      `The lab was stopped, and ${reports.length === 1 ? 'a report' : `${reports.length} reports`} in it`,
      'was not expected by the test. Take those that are with lab.takeReports() or lab.untilReport(),',
      'or start the lab with failOnReports: false.',
    ].join(' ');
    throw new LabError(
      'LAB_REPORTS',
      [text, ...reports.map((report) => `  ${lineOf(report)}`)].join('\n'),
      reports,
    );
  }
}
