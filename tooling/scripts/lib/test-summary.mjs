import { writeFileSync } from 'node:fs';

/** Names the file that the counts are written to, for the process that started the tests. */
export const summaryFileVariable = 'INTERSECT_TEST_SUMMARY';

const noReason = 'no reason given';

/**
 * @typedef {import('vitest/node').Reporter} Reporter
 *
 * @typedef {object} TestSummary
 * @property {number} passed
 * @property {number} failed Tests, and files that failed outside of their tests.
 * @property {number} skipped
 * @property {{ reason: string, count: number }[]} skips Why tests were skipped, the largest group first.
 */

/**
 * A vitest reporter that says, after everything else, what was skipped and why, and how many tests passed, failed
 * and were skipped. A reason comes from `describeWithBroker`, or from the note of `context.skip(note)`.
 *
 * @implements {Reporter}
 */
export class TestSummaryReporter {
  /** @type {import('vitest/node').Vitest | undefined} */
  #vitest;

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.#vitest = vitest;
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const filtered = this.#vitest?.config.testNamePattern !== undefined;
    const summary = summarize(modules, { unhandledErrors: unhandledErrors.length, filtered });
    const file = process.env[summaryFileVariable];
    if (file) writeFileSync(file, JSON.stringify(summary));
    else process.stdout.write(`${describeSkips(summary)}${closingLine(summary)}\n`);
  }
}

/**
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @param {{ unhandledErrors: number, filtered: boolean }} run
 * @returns {TestSummary}
 */
function summarize(modules, { unhandledErrors, filtered }) {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'pending') continue;
      counts[result.state]++;
      if (result.state !== 'skipped') continue;
      const otherwise = filtered ? 'not chosen by the name filter' : noReason;
      const reason = test.meta().skipReason ?? result.note ?? otherwise;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    // A file that can't be loaded, or a hook that throws, fails without any failed test.
    if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed++;
  }
  const skips = [...reasons].map(([reason, count]) => ({ reason, count }));
  return { ...counts, skips: skips.sort((a, b) => b.count - a.count) };
}

/**
 * @param {TestSummary} summary
 * @returns {string} One line for each reason; empty when nothing was skipped.
 */
export function describeSkips({ skips }) {
  if (skips.length === 0) return '';
  return `\nSkipped:\n${skips.map(({ reason, count }) => `  ${count} × ${reason}\n`).join('')}\n`;
}

/** @param {TestSummary} summary */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @param {TestSummary} summary */
export function skipsWithoutReason({ skips }) {
  return skips.find(({ reason }) => reason === noReason)?.count ?? 0;
}
