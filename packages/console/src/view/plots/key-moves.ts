/** How to look at another part of a plot: closer or farther by a factor, aside by a part of what is shown, or at all. */
export type Move =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'aside'; readonly part: number }
  | { readonly kind: 'all' };

const MOVES: Readonly<Record<string, Move>> = {
  '+': { kind: 'zoom', factor: 0.5 },
  '-': { kind: 'zoom', factor: 2 },
  ArrowLeft: { kind: 'aside', part: -0.2 },
  ArrowRight: { kind: 'aside', part: 0.2 },
  '0': { kind: 'all' },
};

export function keyMove(key: string): Move | undefined {
  return Object.hasOwn(MOVES, key) ? MOVES[key] : undefined;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The part that is shown after a move; undefined: all. */
export function moved({ min, max }: Range, move: Move): Range | undefined {
  if (move.kind === 'all') return undefined;
  const width = max - min;
  if (move.kind === 'aside') return { min: min + width * move.part, max: max + width * move.part };
  const middle = (min + max) / 2;
  return { min: middle - (width * move.factor) / 2, max: middle + (width * move.factor) / 2 };
}
