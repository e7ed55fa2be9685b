import {
  type Check,
  type JsonSchema,
  makeCheck,
  type PreparedSchema,
  prepareSchema,
} from '@intersect-sdk/contract/internal';
import type { Issue } from '@intersect-sdk/core';
import { STEP_KEYWORD } from './ajv.js';
import { cannotCompile } from './cannot-compile.js';
import { hasBigInteger } from './has-big-integer.js';
import { prepareValue } from './prepare.js';
import { closureVerdicts, compiledVerdicts, type Verdicts } from './verdicts.js';

export interface CompileOptions {
  /** `components.schemas` of the document that the schema comes from. */
  readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
  /**
   * `exact` takes only what fits as it is, and gives back the very value. `strict` and `lenient` are the two modes in which the
   * reference reads arguments, and give back a copy with defaults filled in: `strict` takes values of the right type, `lenient`
   * also converts: `"5"` is 5 where a number is asked for.
   * @default 'exact'
   */
  readonly mode?: 'exact' | 'strict' | 'lenient' | undefined;
  /** Is told, once and while compiling, of each pattern that is not checked and why: what it would refuse is taken. */
  readonly onUnchecked?: ((issue: Issue) => void) | undefined;
}

/**
 * Compiles a JSON Schema (draft 2020-12, as TypeBox and pydantic write it) to a check. The first call
 * of a process loads the validator, which takes some 50 ms. It makes code from text: it can't be used
 * on a page whose Content-Security-Policy forbids `eval`, and says so. Throws ConfigError with every problem of a
 * schema that can't be used: not valid, a reference to nowhere, endless, too large. Patterns are read as
 * the reference reads them, and take a time that grows with the text and no faster.
 */
export function compileCheck(schema: JsonSchema, options: CompileOptions = {}): Check {
  const { definitions, mode = 'exact', onUnchecked } = options;
  const prepared = prepareSchema(schema, { definitions, marker: STEP_KEYWORD });
  let check: Check;
  try {
    check = compile(prepared, mode);
  } catch (error) {
    throw cannotCompile(error);
  }
  for (const issue of prepared.unchecked) onUnchecked?.(issue);
  return check;
}

function compile(prepared: PreparedSchema, mode: NonNullable<CompileOptions['mode']>): Check {
  const { root, definitions } = prepared;
  const verdictsOn = verdictsFor(prepared);
  return makeCheck(prepared, {
    fits(value, steps) {
      const { allowSteps, fits } = verdictsOn(value);
      allowSteps(steps);
      return fits(root, value);
    },
    convert(given, steps) {
      if (mode === 'exact') return given;
      const { allowSteps, fits } = verdictsOn(given);
      allowSteps(steps);
      return prepareValue(root, given, { definitions, fits, isLenient: mode === 'lenient' });
    },
  });
}

/** By whom a value is judged: the engine is faster, and takes bigints for nothing that any schema knows. */
function verdictsFor(prepared: PreparedSchema): (value: unknown) => Verdicts {
  if (prepared.usesUnevaluated || prepared.comparesObjects) {
    const closures = closureVerdicts(prepared);
    return () => closures;
  }
  const compiled = compiledVerdicts(prepared);
  let closures: Verdicts | undefined;
  return (value) => {
    if (!hasBigInteger(value)) return compiled;
    closures ??= closureVerdicts(prepared);
    return closures;
  };
}
