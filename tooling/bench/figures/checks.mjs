import { makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { perSecond } from '../lib/per-second.mjs';

const number = { type: 'number' };
const text = { type: 'string' };

/** Those that are measured where there is little time. */
const QUICK = new Set(['numbers', 'texts', 'records']);

/** @type {Record<string, { schema: object, payload: unknown }>} */
const payloads = {
  numbers: {
    schema: { type: 'array', items: number },
    payload: Array.from({ length: 200_000 }, (_, index) => index / 7),
  },
  integers: {
    schema: { type: 'array', items: { type: 'integer' } },
    payload: Array.from({ length: 200_000 }, (_, index) => index % 10),
  },
  texts: {
    schema: { type: 'array', items: { type: 'string', maxLength: 20, pattern: '^[a-z]+\\d*$' } },
    payload: Array.from({ length: 50_000 }, (_, index) => `sample${index}`),
  },
  times: {
    schema: { type: 'array', items: { type: 'string', format: 'date-time' } },
    payload: Array.from({ length: 50_000 }, (_, index) => new Date(1e12 + index * 1e7).toISOString()),
  },
  'different-texts': {
    schema: { type: 'array', uniqueItems: true, items: text },
    payload: Array.from({ length: 50_000 }, (_, index) => `sample${index}`),
  },
  records: {
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          at: text,
          tags: { type: 'array', items: text },
          point: { type: 'object', properties: { x: number, y: number }, required: ['x', 'y'] },
        },
        required: ['id', 'at', 'tags', 'point'],
        additionalProperties: false,
      },
    },
    payload: Array.from({ length: 10_000 }, (_, index) => ({
      id: index,
      at: `t${index}`,
      tags: ['a', 'b'],
      point: { x: index / 3, y: 1 },
    })),
  },
};

/**
 * What the check of a payload before it is sent takes, against its encoding.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* checks({ plan }) {
  const encoder = new TextEncoder();
  for (const [name, { schema, payload }] of Object.entries(payloads)) {
    if (plan.quick && !QUICK.has(name)) continue;
    const check = makeCheck(prepareSchema(schema));
    if (!check(payload).ok) throw new Error(`The payload '${name}' does not fit its schema.`);
    const results = await inTurns(
      {
        check: (durationMs) => perSecond(() => check(payload), durationMs),
        encoding: (durationMs) => perSecond(() => encoder.encode(JSON.stringify(payload)), durationMs),
      },
      plan,
    );
    yield figureOf(
      { name: `check-${name}`, versus: 'its encoding', goal: 1 / 3, unit: 'payloads/s' },
      results.check,
      results.encoding,
    );
  }
}
