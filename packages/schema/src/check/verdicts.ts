import {
  isNode,
  type JsonSchema,
  newRun,
  type PreparedSchema,
  TestCompiler,
} from '@intersect-sdk/contract/internal';
import { allowSteps, verdictCompiler } from './ajv.js';

/** Says whether values fit a prepared schema, or a branch of it. */
export interface Verdicts {
  /** How many references may be followed from now on before `TooManySteps` is thrown. */
  allowSteps(count: number): void;
  fits(branch: JsonSchema, value: unknown): boolean;
}

/** By compiled code. The whole schema is compiled at once, so that what is wrong with it comes out here. */
export function compiledVerdicts({ root, definitions }: PreparedSchema): Verdicts {
  const compileVerdict = verdictCompiler();
  const components = { schemas: Object.fromEntries(definitions) };
  const fits = remembering((branch) => compileVerdict(isNode(branch) ? { ...branch, components } : branch));
  fits(root);
  return { allowSteps, fits: (branch, value) => fits(branch)(value) };
}

/** By the closures of the contract, for what the engine gets wrong. */
export function closureVerdicts({ root, definitions }: PreparedSchema): Verdicts {
  const compiler = new TestCompiler(definitions);
  const test = remembering(compiler.compile);
  test(root);
  let run = newRun(0);
  return {
    allowSteps(count) {
      run = newRun(count);
    },
    fits: (branch, value) => test(branch)(value, run),
  };
}

function remembering<Verdict>(compile: (branch: JsonSchema) => Verdict): (branch: JsonSchema) => Verdict {
  const known = new Map<JsonSchema, Verdict>();
  return (branch) => {
    const verdict = known.get(branch) ?? compile(branch);
    known.set(branch, verdict);
    return verdict;
  };
}
