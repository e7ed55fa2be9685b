import {
  compilePattern,
  FORMATS,
  type Format,
  type JsonSchema,
  TooManySteps,
} from '@intersect-sdk/contract/internal';
import type { Ajv2020 as Ajv, Format as AjvFormat, ValidateFunction } from 'ajv/dist/2020.js';

/** A keyword that counts: it stands beside each reference in the schemas that are compiled. */
export const STEP_KEYWORD = 'intersect-sdk-step';

let stepsLeft = Number.POSITIVE_INFINITY;

/** How many references may be followed from now on before `TooManySteps` is thrown. */
export function allowSteps(count: number): void {
  stepsLeft = count;
}

/**
 * Compiles the schemas of one check to verdicts. Throws what the engine throws. An engine never forgets what it has compiled, so each
 * check has its own, which goes when the check goes; to make one takes a tenth of a millisecond. Takes no `unevaluated...` keyword: the
 * engine would take the names that every object has, such as `toString`, for fields that were judged. Compares no objects either: it would
 * call a field of that name, which throws, and would compare each item of a list with each other.
 */
export function verdictCompiler(): (schema: JsonSchema) => ValidateFunction {
  const ajv = makeEngine();
  return (schema) => ajv.compile(schema);
}

function makeEngine(): Ajv {
  // A plain require, which the build replaces by a call of what it has built in. So loading this package
  // costs nothing until the first schema is compiled, without waiting, in ESM, CJS and browsers alike.
  // biome-ignore lint/style/noRestrictedGlobals: the build replaces it, so it runs where there is none
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const ajv = new Ajv2020({
    strict: false,
    // JSON can say 1e999, which is Infinity and nothing that any code expects.
    strictNumbers: true,
    // Only an object's own fields count: `toString` is missing in `{}`.
    ownProperties: true,
    messages: false,
    logger: false,
    // Schemas were checked before, and are explained by the checker of the contract.
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    inlineRefs: false,
    // 1.13 is a multiple of 0.01 although floating point says otherwise.
    multipleOfPrecision: 9,
    formats: Object.fromEntries([...FORMATS].map(([name, format]) => [name, ajvFormat(format)])),
    code: { regExp: Object.assign(compilePattern, { code: 'new RegExp' }) },
  });
  // They make every union slow: each form is tried, also behind one that fits.
  ajv.opts.unevaluated = false;
  return ajv.addKeyword({
    keyword: STEP_KEYWORD,
    // In front, because the keywords behind one that fails are left out.
    before: '$ref',
    schema: false,
    validate: () => {
      stepsLeft--;
      if (stepsLeft < 0) throw new TooManySteps();
      return true;
    },
  });
}

function ajvFormat(format: Format): AjvFormat {
  return 'text' in format ? format.text : { type: 'number', validate: format.number };
}
