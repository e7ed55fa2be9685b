/** One step from a value to a part of it: the name of a field, or the index of an item. */
export type PathPart = string | number;

/** A rule that a value breaks: what the sentence about it needs, and nothing of the value but its kind. */
export interface Broken {
  readonly keyword: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Where the value fits none of several forms: what keeps it from each. */
  readonly forms?: readonly (readonly Failure[])[] | undefined;
}

export interface Failure extends Broken {
  readonly path: readonly PathPart[];
}

/** Which fields and items of a value some rule has judged, for the rules about the rest of them. */
export interface Evaluated {
  readonly fields: Set<string>;
  /** So many items from the beginning. */
  items: number;
}

/** Where failures are kept, if more is asked for than the verdict. */
interface Found {
  readonly failures: Failure[];
  /** Whether to go on behind the first failure. */
  readonly isThorough: boolean;
}

/** One check of one value. What is undefined is not asked for and costs nothing. */
export interface Run {
  found: Found | undefined;
  /** Where the check is in the value; kept only while failures are. */
  path: PathPart[];
  evaluated: Evaluated | undefined;
  /** How many references may still be followed. */
  stepsLeft: number;
}

/** A run that asks for the verdict alone. */
export function newRun(stepsLeft: number): Run {
  return { found: undefined, path: [], evaluated: undefined, stepsLeft };
}

/** A compiled rule, or a compiled schema: whether a value fits. */
export type Test = (value: unknown, run: Run) => boolean;

/** The same for a part of a value. */
export type PartTest = (whole: object, part: PathPart, run: Run) => boolean;

/** A check was ended because it would go on for too long. */
export class TooManySteps extends Error {}

export const accept: Test = () => true;

/** Says no, and why where that is asked for. `field`: of the value, where that is what is wrong. */
export function refuse(run: Run, broken: Broken, field?: string): false {
  run.found?.failures.push({ ...broken, path: field === undefined ? [...run.path] : [...run.path, field] });
  return false;
}

/** Whether a check that has found a failure goes on, to find more of them. */
export function goesOn(run: Run): boolean {
  return run.found?.isThorough === true;
}

/** All of these tests, in this order. */
export function all(tests: readonly Test[]): Test {
  const [only = accept] = tests;
  if (tests.length <= 1) return only;
  return (value, run) => {
    let fits = true;
    for (const test of tests) {
      if (test(value, run)) continue;
      if (!goesOn(run)) return false;
      fits = false;
    }
    return fits;
  };
}

/** Applies a test to a part of a value, which has its own path and its own fields. */
export function partTest(test: Test): PartTest {
  return (whole, part, run) => {
    const value = (whole as Readonly<Record<PathPart, unknown>>)[part];
    const { found, evaluated } = run;
    if (!found && !evaluated) return test(value, run);
    run.evaluated = undefined;
    run.path.push(part);
    const fits = test(value, run);
    run.path.pop();
    run.evaluated = evaluated;
    return fits;
  };
}

/** The verdict of a test, without its failures in the issues. What it judged counts only if the value fits. */
export function tries(test: Test, value: unknown, run: Run): boolean {
  const { found, evaluated } = run;
  run.found = undefined;
  run.evaluated = evaluated && nothingEvaluated();
  const fits = test(value, run);
  if (fits && evaluated && run.evaluated) addEvaluated(evaluated, run.evaluated);
  run.found = found;
  run.evaluated = evaluated;
  return fits;
}

/** The verdict on something whose fields are no fields of the value that is checked. */
export function triesApart(test: Test, value: unknown, run: Run): boolean {
  const { evaluated } = run;
  run.evaluated = undefined;
  const fits = tries(test, value, run);
  run.evaluated = evaluated;
  return fits;
}

/** Everything that keeps a value from fitting, with paths that begin at the value. */
export function failuresOf(test: Test, value: unknown, run: Run): Failure[] {
  const { found, evaluated, path } = run;
  const failures: Failure[] = [];
  run.found = { failures, isThorough: true };
  run.evaluated = evaluated && nothingEvaluated();
  run.path = [];
  test(value, run);
  run.found = found;
  run.evaluated = evaluated;
  run.path = path;
  return failures;
}

export function nothingEvaluated(): Evaluated {
  return { fields: new Set(), items: 0 };
}

export function addEvaluated(to: Evaluated, from: Evaluated): void {
  for (const field of from.fields) to.fields.add(field);
  to.items = Math.max(to.items, from.items);
}
