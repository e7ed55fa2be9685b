import { readFileSync, writeFileSync } from 'node:fs';
import type { AttackResult } from './attack.js';

/** All random choices follow from it. */
export const SEED = 20_260_101;

/** In one run; mosquitto waits for its disk at each message. */
const COUNTS: Readonly<Record<string, number>> = { memory: 100_000, 'MQTT, mosquitto': 2_000 };
const SHARE = 5_000;
const FILE = new URL('../../../../docs/hostile-input.md', import.meta.url);

/** How many hostile messages go over a transport in one run: 100,000 in memory, a share over real brokers. */
export function messagesOver(name: string): number {
  const asked = process.env.INTERSECT_HOSTILE_MESSAGES;
  if (asked !== undefined) return Number(asked);
  return COUNTS[name] ?? SHARE;
}

/** What was sent to clients or services and what came of it, over each transport. */
export class HostileTable {
  readonly #role: 'client' | 'service';
  readonly #results = new Map<string, AttackResult>();

  constructor(role: 'client' | 'service') {
    this.#role = role;
  }

  add(name: string, result: AttackResult): void {
    this.#results.set(name, result);
    const { seconds, grownBytes, longestPauseMs, sent, right } = result;
    const figures = [
      `${sum(sent)} hostile and ${right} right messages`,
      `${seconds.toFixed(1)} s`,
      `${(grownBytes / 1024 / 1024).toFixed(1)} MiB grown`,
      `longest pause ${longestPauseMs} ms`,
    ];
    process.stdout.write(`hostile input, ${this.#role}, ${name}, seed ${SEED}: ${figures.join(', ')}\n`);
  }

  /** Puts the tables of this role into the documentation, where the run was asked to. */
  write(): void {
    if (process.env.INTERSECT_WRITE_DOCS !== '1') return;
    const [begin, end] = [`<!-- ${this.#role} -->`, `<!-- end of ${this.#role} -->`];
    const text = readFileSync(FILE, 'utf8');
    const [before = '', rest = ''] = text.split(begin);
    const after = rest.split(end)[1] ?? '';
    writeFileSync(FILE, `${before}${begin}\n\n${this.#tables()}\n\n${end}${after}`);
  }

  #tables(): string {
    const names = [...this.#results.keys()];
    const results = [...this.#results.values()];
    return [
      grid(
        ['what was sent', ...names],
        [
          ...rows(results.map(({ sent }) => sent)),
          ['**hostile in all**', ...results.map(({ sent }) => number(sum(sent)))],
          ['right messages between them, all handled', ...results.map(({ right }) => number(right))],
          [
            'memory grown in the second half, in MiB',
            ...results.map(({ grownBytes }) => (grownBytes / 2 ** 20).toFixed(1)),
          ],
          [
            'longest pause of the process, in ms',
            ...results.map(({ longestPauseMs }) => number(longestPauseMs)),
          ],
        ],
      ),
      grid(['what came of it, as counted', ...names], rows(results.map(({ expected }) => expected))),
    ].join('\n\n');
  }
}

function rows(columns: readonly Readonly<Record<string, number>>[]): string[][] {
  const keys = [...new Set(columns.flatMap((column) => Object.keys(column)))].sort();
  return keys.map((key) => [
    key,
    ...columns.map((column) => (column[key] === undefined ? '' : number(column[key]))),
  ]);
}

function grid(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...body].map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
