/** A text, or all texts of a value together, takes too long to be tried on patterns. */
export class TooManyPatternSteps extends Error {}

/** What is allowed beside the steps themselves. */
interface FurtherSteps {
  /** What patterns that are tried for the first time may add, all together. */
  readonly first: number;
  /** Is asked once, when the steps are spent, how many there are beyond them. */
  readonly more: () => number;
}

const NONE: FurtherSteps = { first: 0, more: () => 0 };

let stepsLeft = Number.POSITIVE_INFINITY;
let firstStepsLeft = 0;
let askForMore = NONE.more;

/** How many steps the patterns of one check may take from now on, all together, before `TooManyPatternSteps` is thrown. */
export function allowPatternSteps(count: number, { first, more } = NONE): void {
  stepsLeft = count;
  firstStepsLeft = first;
  askForMore = more;
}

/** Allows more for what is done once, as far as one check may have that. */
export function addFirstSteps(count: number): void {
  const added = Math.min(count, firstStepsLeft);
  firstStepsLeft -= added;
  stepsLeft += added;
}

export function spendPatternSteps(count: number): void {
  stepsLeft -= count;
  if (stepsLeft >= 0) return;
  const more = askForMore;
  askForMore = NONE.more;
  stepsLeft += more();
  if (stepsLeft < 0) throw new TooManyPatternSteps();
}
