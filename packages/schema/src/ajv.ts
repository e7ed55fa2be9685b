import type { Ajv2020 as Ajv, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { OWN_FORMATS } from './formats.js';
import type { JsonSchema } from './json-schema.js';
import { compilePattern } from './patterns.js';

export type { ErrorObject, ValidateFunction };

interface Engines {
  /** Stops at the first error. */
  readonly quick: Ajv;
  /** Collects every error. */
  readonly thorough: Ajv;
  /** Checks schemas themselves. */
  readonly meta: Ajv;
}

let engines: Partial<Engines> = {};

/** One engine of each kind in a process, made when it is first needed. */
export function engine(kind: keyof Engines): Ajv {
  const made = engines[kind] ?? makeEngine(kind);
  engines = { ...engines, [kind]: made };
  return made;
}

/** Compiles and forgets: the engine keeps nothing of the schema. Throws what the engine throws. */
export function compileWith(kind: 'quick' | 'thorough', schema: JsonSchema): ValidateFunction {
  const ajv = engine(kind);
  try {
    return ajv.compile(schema);
  } finally {
    if (typeof schema === 'object') ajv.removeSchema(schema);
  }
}

function makeEngine(kind: keyof Engines): Ajv {
  // A plain require, which the build replaces by a call of what it has built in. So loading this package
  // costs nothing until the first schema is compiled, without waiting, in ESM, CJS and browsers alike.
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const { fullFormats } =
    require('ajv-formats/dist/formats.js') as typeof import('ajv-formats/dist/formats.js');
  const isMeta = kind === 'meta';
  return new Ajv2020({
    strict: false,
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
}
