const DEFAULT_SEED = 20_261_122;

/** The seed of this run: `INTERSECT_FAULT_SEED`, or always the same. */
export const seed = Number(process.env.INTERSECT_FAULT_SEED ?? DEFAULT_SEED);

/** Numbers from 0 to 1 that are the same for each run with the same seed and name (mulberry32). */
export function random(name: string): () => number {
  let state = seed;
  for (const letter of name) state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
