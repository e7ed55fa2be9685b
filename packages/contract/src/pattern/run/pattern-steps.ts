/** A text, or all texts of a value together, takes too long to be tried on patterns. */
export class TooManyPatternSteps extends Error {}

/** What is allowed beside the steps themselves. */
interface FurtherSteps {
  /** What patterns that are tried for the first time may add, all together. */
  readonly first: number;
  /** Is asked once, when the steps are spent: how many of those that went along the characters of texts are given back. */
  readonly alongTexts: () => number;
}

const NONE: FurtherSteps = { first: 0, alongTexts: () => 0 };

let stepsLeft = Number.POSITIVE_INFINITY;
let firstStepsLeft = 0;
let spentAlongTexts = 0;
let askAlongTexts = NONE.alongTexts;
/** Undefined until it was asked for, because nearly no value comes there. */
let alongTextsLeft: number | undefined;

/** How many steps the patterns of one check may take from now on, all together, before `TooManyPatternSteps` is thrown. */
export function allowPatternSteps(count: number, { first, alongTexts } = NONE): void {
  stepsLeft = count;
  firstStepsLeft = first;
  askAlongTexts = alongTexts;
  spentAlongTexts = 0;
  alongTextsLeft = undefined;
}

/** Allows more for what is done once, as far as one check may have that. */
export function addFirstSteps(count: number): void {
  const added = Math.min(count, firstStepsLeft);
  firstStepsLeft -= added;
  stepsLeft += added;
}

export function spendPatternSteps(count: number): void {
  stepsLeft -= count;
  if (stepsLeft < 0) giveBack();
}

/** Steps that only follow characters: a long text may have more of them, and not more of the others, each of which costs a multiple. */
export function spendPatternStepsAlongText(count: number): void {
  spentAlongTexts += count;
  spendPatternSteps(count);
}

/** A value is looked at once more: its texts may be followed as far again. */
export function followTextsAgain(): void {
  alongTextsLeft = undefined;
}

function giveBack(): void {
  alongTextsLeft ??= askAlongTexts();
  const given = Math.min(spentAlongTexts, alongTextsLeft);
  spentAlongTexts -= given;
  alongTextsLeft -= given;
  stepsLeft += given;
  if (stepsLeft < 0) throw new TooManyPatternSteps();
}
