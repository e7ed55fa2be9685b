import { decodePayload } from '@intersect-sdk/core';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { perSecond } from '../lib/per-second.mjs';

const ITEMS = 100_000;
/** The goal: to look takes at most a fifth of decoding. */
const GOAL = 1 / 1.2;

/** Those that are measured where there is little time. */
const QUICK = new Set(['small', 'beyond-20', 'exact-19']);

/** Of each kind of number as many as there are, all different. @param {(index: number) => string} item */
const listOf = (item) => `[${Array.from({ length: ITEMS }, (_, index) => item(index)).join(',')}]`;

/** @type {Record<string, string>} */
const payloads = {
  small: listOf((index) => `${index % 1000}`),
  'safe-16': listOf((index) => `${1e15 + index * 79_999_999}`),
  'fractions-17': listOf((index) => `0.${12345678901234567n + BigInt(index)}`),
  texts: listOf((index) => `"${12345678901234567890n + BigInt(index)}"`),
  'beyond-20': listOf((index) => `${12345678901234567891n + BigInt(index)}`),
  'exact-19': listOf((index) => `${1_700_000_000n + BigInt(index)}000000000`),
};

/**
 * What decoding takes with a look for digits that are lost, against decoding without.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* digits({ plan }) {
  const encoder = new TextEncoder();
  for (const [name, json] of Object.entries(payloads)) {
    if (plan.quick && !QUICK.has(name)) continue;
    const payload = encoder.encode(json);
    const decode = (/** @type {object} */ options) => decodePayload(payload, 'application/json', options);
    const results = await inTurns(
      {
        looking: (durationMs) => perSecond(() => decode({ onDigitsLost: () => {} }), durationMs),
        decoding: (durationMs) => perSecond(() => decode({}), durationMs),
      },
      plan,
    );
    yield figureOf(
      {
        name: `digits-${name}`,
        versus: 'decoding without the look',
        // Whole numbers beyond 2^53 that are exact all the same: nothing ends the look, and each digit is read.
        goal: name === 'exact-19' ? null : GOAL,
        unit: 'payloads/s',
      },
      results.looking,
      results.decoding,
    );
  }
}
