// How long do patterns take at the most, in a fresh process each, so that nothing is compiled yet? `npx tsup && node bench/pattern-times.mjs` in this
// package; `hostile` leaves out the recorded patterns. The bound: JSON.parse of the same payload and 50 ms,
// in the time that the thread works which everybody waits for. Medians of three; Linux alone tells that time.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BOUND_MS = 50;
const SHOWN = 15;

/** Beside the recorded ones: what makes an automaton work hard, or its sets of characters. */
const HOSTILE = [
  '(.{1,5000})x',
  '(.{1,100}){1,100}x$',
  '(?=.*a.{200}x).*c',
  '(a|b|1)*a(a|b|1){12}x',
  '(?:a?){5000}b',
  '^.{0,9000}$',
  `^(?:${Array.from({ length: 900 }, (_, n) => `[\\w${String.fromCodePoint(0x2500 + n)}]!`).join('|')})*$`,
  `^(?:${Array.from({ length: 900 }, (_, n) => `[^\\W${String.fromCodePoint(0x4e00 + n)}]?`).join('')})*$`,
  `^(?i:${Array.from({ length: 900 }, (_, n) => `[a-${String.fromCodePoint(0x4e00 + n)}]!`).join('|')})*$`,
  `(?:${'(?=.*a)(?!b)'.repeat(60)}.)*x`,
  `${'(?=.*[ab].{9}x)'.repeat(12)}.*c`,
];

const MEGABYTES = [0.01, 1, 16];

/** Letters in an order that does not come again soon. */
function withoutOrder(length, letters) {
  let state = 1;
  const units = new Uint16Array(length);
  for (let at = 0; at < length; at++) {
    state = (state * 48_271) % 2_147_483_647;
    units[at] = letters(state);
  }
  return Buffer.from(units.buffer).toString('utf16le');
}

const TEXTS = {
  'a...': (length) => 'a'.repeat(length),
  'ab1 without order': (length) => withoutOrder(length, (n) => 'ab1'.charCodeAt(n % 3)),
  'ASCII without order': (length) => withoutOrder(length, (n) => 32 + (n % 95)),
  'all of Unicode': (length) => withoutOrder(length, (n) => 32 + (n % 0xd000)),
};

const pause = new Int32Array(new SharedArrayBuffer(4));

/** What this thread has worked, in ms. The engine's compiler works beside it in threads of its own, and nobody waits for them. */
function threadMs() {
  // The system writes down what a thread worked when the thread stops.
  Atomics.wait(pause, 0, 0, 0.01);
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

/** What a fresh process does: one check of one text, and JSON.parse of it. */
async function work({ pattern, text, megabytes, good }) {
  const json = jsonOf(text, megabytes, good);
  const { makeCheck, prepareSchema } = await import('../dist/internal.js');
  const spent = (task) => {
    const before = threadMs();
    const result = task();
    return [threadMs() - before, result];
  };
  const [parseMs, value] = spent(() => JSON.parse(json));
  const [checkMs, { ok, issues = [] }] = spent(() =>
    makeCheck(prepareSchema({ type: 'string', pattern }))(value),
  );
  const isGivenUp = issues.some(({ message }) => message.includes('too long'));
  const verdict = ok ? 'fits' : isGivenUp ? 'given up' : 'fits not';
  console.log(JSON.stringify({ parseMs, checkMs, verdict }));
}

async function measure(given) {
  const args = [fileURLToPath(import.meta.url), 'one', JSON.stringify(given)];
  const turns = [];
  for (let turn = 0; turn < 3; turn++) {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    turns.push({ ...given, ...JSON.parse(stdout) });
  }
  return turns.sort((a, b) => over(a) - over(b))[1];
}

const over = ({ parseMs, checkMs }) => checkMs - parseMs;

/** The text as it stands in a payload. */
function jsonOf(text, megabytes, good) {
  const length = Math.floor(megabytes * 2 ** 20);
  return JSON.stringify(text === 'good' ? good.repeat(Math.ceil(length / good.length)) : TEXTS[text](length));
}

async function main() {
  const file = new URL('../test/fixtures/patterns.json', import.meta.url);
  const entries = mode === 'hostile' ? [] : JSON.parse(readFileSync(file, 'utf8'));
  const recorded = entries.map(({ pattern, texts }) => ({
    pattern,
    good: texts.find(([text, by]) => by !== undefined && text !== '')?.[0] ?? 'a',
  }));
  const results = [];
  for (const { pattern, good } of [...HOSTILE.map((each) => ({ pattern: each, good: 'a!' })), ...recorded]) {
    for (const [index, text] of [...Object.keys(TEXTS), 'good'].entries()) {
      // Of the recorded ones each text has one size, by turns.
      const sizes = HOSTILE.includes(pattern)
        ? MEGABYTES
        : [MEGABYTES[(results.length + index) % MEGABYTES.length]];
      for (const megabytes of sizes) results.push(await measure({ pattern, good, text, megabytes }));
    }
  }
  results.sort((a, b) => over(b) - over(a));
  for (const { pattern, text, megabytes, parseMs, checkMs, verdict } of results.slice(0, SHOWN)) {
    const name = pattern.length > 50 ? `${pattern.slice(0, 47)}...` : pattern;
    const times = `${checkMs.toFixed(1)} ms (JSON.parse ${parseMs.toFixed(1)} ms)`;
    console.log(`${times}: ${name} on ${megabytes} MiB of ${text}: ${verdict}`);
  }
  const tooSlow = results.filter((result) => over(result) > BOUND_MS);
  console.log(`${results.length} measured, ${tooSlow.length} beyond JSON.parse and ${BOUND_MS} ms`);
  process.exitCode = tooSlow.length > 0 ? 1 : 0;
}

const [, , mode, given] = process.argv;
if (mode === 'one') await work(JSON.parse(given));
else await main();
