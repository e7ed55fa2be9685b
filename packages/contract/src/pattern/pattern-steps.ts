/** A text, or all texts of a value together, takes too long to be tried on patterns. */
export class TooManyPatternSteps extends Error {}

let stepsLeft = Number.POSITIVE_INFINITY;

/** How many steps the patterns of one check may take from now on, all together, before `TooManyPatternSteps` is thrown. */
export function allowPatternSteps(count: number): void {
  stepsLeft = count;
}

export function spendPatternSteps(count: number): void {
  stepsLeft -= count;
  if (stepsLeft < 0) throw new TooManyPatternSteps();
}
