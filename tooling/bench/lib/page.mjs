import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root } from '../../scripts/lib/root.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { groups } from '../figures/groups.mjs';

/** @typedef {import('./figure.mjs').Figure} Figure */

const file = join(root, 'docs', 'benchmarks.md');
const limitsBegin = '<!-- limits: written by hand, kept by the generator -->';
const limitsEnd = '<!-- end of limits -->';

/**
 * Writes docs/benchmarks.md; what stands there between the markers stays.
 *
 * @param {Readonly<Record<string, readonly Figure[]>>} figures By group.
 * @param {{
 *   plan: import('./figure.mjs').Plan,
 *   machine: readonly [string, string][],
 * }} made
 */
export async function writePage(figures, { plan, machine }) {
  const sections = Object.entries(figures).map(([name, measured]) => sectionOf(name, measured));
  const page = `# Benchmarks

What a user waits for, measured side by side on one machine and one broker: this SDK, bare client libraries with the same guarantees,
the Python SDK, and what a TypeScript team could use instead. Written by a run; made with:

\`\`\`sh
npm run bench                    # everything, writes this page
npm run bench -- --quick         # less than a minute, one JSON line for each figure
npm run bench -- --only events   # one group
npm run bench -- --profile amqp-client
\`\`\`

Client and service are processes of their own, on the built packages. All contenders of a figure run at the same time and are
measured in turns (A B A B ...), ${plan.runs} runs of ${plan.durationMs / 1000} s each, after a warm-up of ${plan.warmUpMs / 1000} s that isn't counted.
Figures are medians, in brackets the lowest and the highest run. The ratio is the median of the turns' ratios, and larger is
always better. Broker and all contenders share the machine, so ratios say more than rates.

| | |
| --- | --- |
${machine.map(([what, value]) => `| ${what} | ${value} |`).join('\n')}

${sections.join('\n\n')}

## What the limits are

${limitsBegin}
${keptLimits()}
${limitsEnd}
`;
  writeFileSync(file, page);
  // Tables line up as everywhere else in the repository.
  await run(join(bin, 'biome'), ['format', '--write', file], { capture: true });
}

/**
 * @param {string} name
 * @param {readonly Figure[]} figures
 */
function sectionOf(name, figures) {
  const group = groups[name];
  return `## ${group?.title}

${group?.about}

| figure | ours | against | ratio | goal | reached |
| --- | --- | --- | --- | --- | --- |
${figures.map(rowOf).join('\n')}`;
}

/** @param {Figure} figure */
function rowOf({ name, ours, against, versus, ratio, goal, unit, spread }) {
  const theirs = `${number(against)}${bracket(spread.against)}, ${versus}`;
  const reached = goal === null ? '' : ratio >= goal ? 'yes' : '**no**';
  const cells = [
    `\`${name}\``,
    `${number(ours)}${bracket(spread.ours)} ${unit}`,
    theirs,
    `${ratio.toFixed(2)}${bracket(spread.ratio, 2)}`,
    goal === null ? '' : `${goal}`,
    reached,
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * @param {[number, number] | undefined} range
 * @param {number} [digits] After the point.
 */
function bracket(range, digits) {
  if (range === undefined) return '';
  const [low, high] = range.map((value) => (digits === undefined ? number(value) : value.toFixed(digits)));
  return low === high ? '' : ` (${low} to ${high})`;
}

/** @param {number} value */
function number(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

function keptLimits() {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, rest = ''] = before.split(limitsBegin);
  const [kept = ''] = rest.split(limitsEnd);
  return `\n${kept.trim()}\n`;
}
