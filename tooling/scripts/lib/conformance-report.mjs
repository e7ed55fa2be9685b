/** Where the report stands in a README. */
const begin = '<!-- made by `npm run conformance`: begin -->';
const end = '<!-- made by `npm run conformance`: end -->';
const suitePrefix = 'conformance of ';

/**
 * @typedef {object} CaseOutcome
 * @property {string} id
 * @property {string} title
 * @property {string} [skipReason] Why it did not run; one that ran passed.
 *
 * @typedef {object} TransportOutcome
 * @property {string} transport
 * @property {readonly CaseOutcome[]} cases
 */

/**
 * Reads what vitest's JSON reporter wrote of suites that `describeConformance` made.
 *
 * @param {{ testResults: { assertionResults: {
 *   ancestorTitles: string[], title: string, status: string,
 *   meta?: { skipReason?: string, notPromised?: CaseOutcome[] } }[] }[] }} run
 * @returns {TransportOutcome[]}
 * @throws Error when a case failed, or was skipped without a reason.
 */
export function readOutcomes({ testResults }) {
  /** @type {Map<string, CaseOutcome[]>} */
  const suites = new Map();
  for (const { ancestorTitles, title: test, status, meta = {} } of testResults.flatMap(
    (file) => file.assertionResults,
  )) {
    const suite = ancestorTitles.find((name) => name.startsWith(suitePrefix))?.slice(suitePrefix.length);
    if (suite === undefined) continue;
    if (meta.notPromised) {
      if (status !== 'passed') throw new Error(`${suite}: ${test} ${status}`);
      suites.set(suite, [...(suites.get(suite) ?? []), ...meta.notPromised]);
      continue;
    }
    const [, id = '', rest = ''] = /^(\S+): (.*)$/.exec(test) ?? [];
    const { skipReason } = meta;
    if (status !== 'passed' && skipReason === undefined) throw new Error(`${suite}: ${id} ${status}`);
    const outcome = skipReason === undefined ? {} : { skipReason };
    const title = rest.replace(` (skipped: ${skipReason})`, '');
    suites.set(suite, [...(suites.get(suite) ?? []), { id, title, ...outcome }]);
  }
  return [...suites].map(([transport, cases]) => ({ transport, cases }));
}

/**
 * @param {readonly TransportOutcome[]} outcomes All of the same cases.
 * @returns {string} Markdown: how many cases of each group passed, which were skipped and why, and all their names.
 */
export function report(outcomes) {
  const cases = outcomes[0]?.cases ?? [];
  const groups = [...new Set(cases.map(({ id }) => groupOf(id)))];
  const counts = outcomes.map(({ transport, cases }) => [
    transport,
    ...groups.map((group) => passedOf(cases.filter(({ id }) => groupOf(id) === group))),
    passedOf(cases),
  ]);
  const skips = outcomes.flatMap(({ transport, cases }) =>
    [...new Set(skipped(cases).map(({ skipReason }) => skipReason))].map((reason) => {
      const ids = cases.filter(({ skipReason }) => skipReason === reason).map(({ id }) => `\`${id}\``);
      return `- ${transport}: ${reason} (${ids.length}).\n  ${ids.join(', ')}`;
    }),
  );
  return [
    table(['passed', ...groups, 'all'], counts),
    `Skipped${skips.length === 0 ? ': nothing.' : `:\n\n${skips.join('\n')}`}`,
    `<details><summary>The ${cases.length} cases</summary>`,
    table(
      ['case', 'what a transport must do'],
      cases.map(({ id, title }) => [`\`${id}\``, title.replace(/[*|<]/g, '\\$&')]),
    ),
    '</details>',
  ].join('\n\n');
}

/**
 * @param {string} markdown
 * @returns {[before: string, section: string, after: string]} The marks stand in the first and the last.
 */
export function partsOf(markdown) {
  const [from, to] = [markdown.indexOf(begin) + begin.length, markdown.indexOf(end)];
  if (from < begin.length || to < from) throw new Error(`A README needs the lines ${begin} and ${end}.`);
  return [markdown.slice(0, from), markdown.slice(from, to), markdown.slice(to)];
}

/**
 * @param {string} markdown
 * @param {string} section
 */
export function withSection(markdown, section) {
  const [before, , after] = partsOf(markdown);
  return `${before}\n\n${section}\n\n${after}`;
}

/** @param {string} id */
const groupOf = (id) => id.slice(0, id.indexOf('/'));

/** @param {readonly CaseOutcome[]} cases */
const skipped = (cases) => cases.filter(({ skipReason }) => skipReason !== undefined);

/** @param {readonly CaseOutcome[]} cases */
const passedOf = (cases) => `${cases.length - skipped(cases).length}/${cases.length}`;

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  /** @type {(cells: readonly string[]) => string} */
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
