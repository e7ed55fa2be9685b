import type { Ajv2020 as Ajv, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { OWN_FORMATS } from './formats.js';
import type { JsonSchema } from './json-schema.js';
import { compilePattern } from './patterns.js';

export type { ErrorObject, ValidateFunction };

export interface EngineOptions {
  /** `quick` stops at the first error, `thorough` collects them all, `meta` checks schemas themselves. */
  readonly kind: 'quick' | 'thorough' | 'meta';
  /** Whether `unevaluatedProperties` and `unevaluatedItems` count. They make every union slow: each form is tried, also behind one that fits. */
  readonly unevaluated: boolean;
}

/** A keyword that counts: it stands beside each reference in the schemas that are compiled. */
export const STEP_KEYWORD = 'intersect-sdk-step';

/** A check was ended because it would go on for too long. */
export class TooManySteps extends Error {}

const engines = new Map<string, Ajv>();
let stepsLeft = Number.POSITIVE_INFINITY;

/** How many references may be followed from now on before `TooManySteps` is thrown. */
export function allowSteps(count: number): void {
  stepsLeft = count;
}

/** One engine of each kind in a process, made when it is first needed. */
export function engine(options: EngineOptions): Ajv {
  const key = `${options.kind} ${options.unevaluated}`;
  const made = engines.get(key) ?? makeEngine(options);
  engines.set(key, made);
  return made;
}

/** Compiles and forgets: the engine keeps nothing of the schema. Throws what the engine throws. */
export function compileWith(options: EngineOptions, schema: JsonSchema): ValidateFunction {
  const ajv = engine(options);
  try {
    return ajv.compile(schema);
  } finally {
    if (typeof schema === 'object') ajv.removeSchema(schema);
  }
}

function makeEngine({ kind, unevaluated }: EngineOptions): Ajv {
  // A plain require, which the build replaces by a call of what it has built in. So loading this package
  // costs nothing until the first schema is compiled, without waiting, in ESM, CJS and browsers alike.
  // biome-ignore lint/style/noRestrictedGlobals: the build replaces it, so it runs where there is none
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const { fullFormats } =
    // biome-ignore lint/style/noRestrictedGlobals: the same
    require('ajv-formats/dist/formats.js') as typeof import('ajv-formats/dist/formats.js');
  const isMeta = kind === 'meta';
  const ajv = new Ajv2020({
    strict: false,
    // JSON can say 1e999, which is Infinity and nothing that any code expects.
    strictNumbers: true,
    allErrors: kind !== 'quick',
    verbose: true,
    messages: false,
    logger: false,
    meta: isMeta,
    validateSchema: isMeta,
    addUsedSchema: false,
    inlineRefs: false,
    // 1.13 is a multiple of 0.01 although floating point says otherwise.
    multipleOfPrecision: 9,
    formats: { ...fullFormats, ...OWN_FORMATS },
    code: { regExp: Object.assign(compilePattern, { code: 'new RegExp' }) },
  });
  if (!unevaluated) ajv.opts.unevaluated = false;
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
