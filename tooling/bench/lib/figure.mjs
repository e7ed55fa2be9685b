/**
 * @typedef {object} Plan How long and how often is measured.
 * @property {number} runs Of each contender, in turns: A B A B.
 * @property {number} durationMs Of one run.
 * @property {number} warmUpMs Before the first run, apart.
 * @property {boolean} quick
 *
 * @typedef {object} Context
 * @property {Plan} plan
 * @property {{ amqp: import('./contenders.mjs').Where, mqtt: import('./contenders.mjs').Where }} where
 * @property {import('./data-contenders.mjs').Store | undefined} store Undefined where there is no data store.
 * @property {string | undefined} python The interpreter that has the Python SDK; undefined where it can't be had.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} ours The median.
 * @property {number} against The median, or a fixed limit.
 * @property {number} ratio Larger is better.
 * @property {number | null} goal What the ratio shall reach; null where none is set.
 * @property {string} unit Of `ours` and `against`.
 * @property {string} versus What `against` is.
 * @property {Spread} spread
 *
 * @typedef {object} Spread Lowest and highest of the runs.
 * @property {[number, number]} ours
 * @property {[number, number] | undefined} against
 * @property {[number, number]} ratio
 *
 * @typedef {object} Comparison
 * @property {string} name
 * @property {string} versus
 * @property {number | null} goal
 * @property {string} unit
 * @property {'larger' | 'smaller'} [better] Which `ours` is better. Default `larger`.
 */

/**
 * A figure from runs that took turns. The ratio is the median of the turns' ratios, so that what slows the machine for a
 * while slows both sides.
 *
 * @param {Comparison} comparison
 * @param {readonly number[]} ours
 * @param {readonly number[] | number} against A number is a fixed limit.
 * @returns {Figure}
 */
export function figureOf({ better = 'larger', ...comparison }, ours, against) {
  const ratios = ours.map((value, turn) => {
    const other = typeof against === 'number' ? against : /** @type {number} */ (against[turn]);
    return better === 'larger' ? value / other : other / value;
  });
  return {
    ...comparison,
    ours: median(ours),
    against: typeof against === 'number' ? against : median(against),
    ratio: median(ratios),
    spread: {
      ours: range(ours),
      against: typeof against === 'number' ? undefined : range(against),
      ratio: range(ratios),
    },
  };
}

/**
 * The quick run measures by one protocol what says about the same by both.
 *
 * @param {Plan} plan
 * @returns {readonly ('amqp' | 'mqtt')[]}
 */
export function protocolsOf({ quick }) {
  return quick ? ['amqp'] : ['amqp', 'mqtt'];
}

/**
 * How many requests are in flight. The quick run leaves out the most, where the broker alone is the limit.
 *
 * @param {Plan} plan
 */
export function levelsOf({ quick }) {
  return quick ? [1, 32] : [1, 32, 256];
}

/**
 * Runs all in turns, A B A B, after each has been warmed up.
 *
 * @template {string} Name
 * @param {Readonly<Record<Name, (durationMs: number) => Promise<number>>>} contenders
 * @param {Plan} plan
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function inTurns(contenders, { runs, durationMs, warmUpMs }) {
  const entries = /** @type {[Name, (durationMs: number) => Promise<number>][]} */ (
    Object.entries(contenders)
  );
  /** @type {Record<string, number[]>} */
  const results = Object.fromEntries(entries.map(([name]) => [name, []]));
  if (warmUpMs > 0) for (const [, measure] of entries) await measure(warmUpMs);
  for (let run = 0; run < runs; run++) {
    for (const [name, measure] of entries) results[name]?.push(await measure(durationMs));
  }
  return results;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  // One value, or the two in the middle.
  const [low = 0, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}

/**
 * @param {readonly number[]} values
 * @returns {[number, number]}
 */
function range(values) {
  return [Math.min(...values), Math.max(...values)];
}
