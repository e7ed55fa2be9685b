import { setImmediate } from 'node:timers/promises';
import { isPolluted, memoryInUse, watchEventLoop } from './health-watch.js';
import type { Random } from './random.js';
import type { Hostile } from './requests.js';
import { Tally } from './tally.js';
import type { Wire } from './wire.js';

type Lies<K> = Readonly<Record<string, (kit: K) => Hostile | undefined>>;

export interface Attack<K> {
  readonly wire: Wire;
  readonly random: Random;
  readonly kit: K;
  readonly lies: Lies<K>;
  /** Each sent once, for its size. */
  readonly large: Lies<K>;
  /** How many hostile messages in all. */
  readonly count: number;
  /** What the program under test did, as it does it. */
  readonly seen: Tally;
  /** Called when all that was sent has had its outcomes. */
  prepare(): Promise<void>;
  /** A message as it should be. */
  right(): Hostile;
}

export interface AttackResult {
  /** How often each lie was sent; those that the protocol can't carry are missing. */
  readonly sent: Readonly<Record<string, number>>;
  readonly right: number;
  readonly expected: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** What more memory was in use at the end than after half of the messages. */
  readonly grownBytes: number;
  readonly longestPauseMs: number;
  readonly polluted: boolean;
}

const BATCH = 400;
/** One right message behind so many hostile ones. */
const RIGHT_EACH = 50;
const BATCH_LIMIT_MS = 20_000;
/** Long or expensive ones are one in so many of the others. */
const RARE = 20;
const isRare = (name: string): boolean => /10,000 levels|100,000 characters|more headers than fit/.test(name);

/** Sends every lie once with a right message behind it, then all of them at random, then the large ones. */
export async function attack<K>(options: Attack<K>): Promise<AttackResult> {
  const { wire, random, kit, lies, large, count, seen, right } = options;
  const started = performance.now();
  const sent = new Tally();
  const expected = new Tally();
  let rights = 0;
  let atHalf: number | undefined;
  await using watch = watchEventLoop();

  const send = ({ message, outcomes }: Hostile): Promise<void> => {
    for (const outcome of outcomes) expected.count(outcome);
    return wire.send(message);
  };
  const sendRight = (): Promise<void> => {
    rights += 1;
    return send(right());
  };
  const sendEachAlone = async (some: Lies<K>): Promise<void> => {
    for (const [name, lie] of Object.entries(some)) {
      await options.prepare();
      const hostile = lie(kit);
      if (!hostile) continue;
      sent.count(name);
      await send(hostile);
      await sendRight();
      await seen.reach(expected, BATCH_LIMIT_MS).catch((error: Error) => {
        throw new Error(`after '${name}': ${error.message}`);
      });
    }
  };

  await options.prepare();
  await sendRight();
  await sendEachAlone(lies);
  const names = Object.keys(lies).filter((name) => sent.of(name) > 0);
  while (sent.total < count) {
    await options.prepare();
    const sending: Promise<void>[] = [];
    for (let at = 0; at < BATCH && sent.total < count; at++) {
      let name = random.pick(names);
      while (isRare(name) && random.below(RARE) > 0) name = random.pick(names);
      const hostile = lies[name]?.(kit);
      if (!hostile) continue;
      sent.count(name);
      sending.push(send(hostile));
      if (at % RIGHT_EACH === 0) sending.push(sendRight());
    }
    await Promise.all(sending);
    await seen.reach(expected, BATCH_LIMIT_MS);
    // In memory nothing else ever lets timers run.
    await setImmediate();
    if (atHalf === undefined && sent.total >= count / 2) atHalf = memoryInUse();
  }
  const grownBytes = memoryInUse() - (atHalf ?? 0);
  await sendEachAlone(large);
  // What is told twice would show by now.
  await options.prepare();
  await sendRight();
  await seen.reach(expected, BATCH_LIMIT_MS);
  return {
    sent: sent.counts,
    right: rights,
    expected: expected.counts,
    seconds: (performance.now() - started) / 1000,
    grownBytes,
    longestPauseMs: watch.longestPauseMs(),
    polluted: isPolluted(),
  };
}
