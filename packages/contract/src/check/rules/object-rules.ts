import { compilePattern } from '../../pattern/patterns.js';
import { all, type Broken, goesOn, partTest, type Run, refuse, type Test, triesApart } from '../run.js';
import { isNode, type JsonSchema, type SchemaNode } from '../schema/json-schema.js';
import type { Compile, RuleTable } from './keywords.js';

/** Rules about objects; every other value passes. Only an object's own fields count, so `toString` is missing in `{}`. */
export const OBJECT_RULES: RuleTable = {
  maxProperties: ({ maxProperties: limit = 0 }) =>
    onObject(
      { keyword: 'maxProperties', params: { limit } },
      (fields) => Object.keys(fields).length <= limit,
    ),
  minProperties: ({ minProperties: limit = 0 }) =>
    onObject(
      { keyword: 'minProperties', params: { limit } },
      (fields) => Object.keys(fields).length >= limit,
    ),
  required: ({ required = [] }) => requiredTest(required, { keyword: 'required' }),
  dependentRequired: ({ dependentRequired = {} }) =>
    all(Object.entries(dependentRequired).map(([field, needed]) => neededBeside(field, needed))),
  propertyNames: ({ propertyNames = true }, compile) => {
    const test = compile(propertyNames);
    const broken = { keyword: 'propertyNames' };
    return eachField((_fields, field, run) => triesApart(test, field, run) || refuse(run, broken, field));
  },
  additionalProperties: (
    { additionalProperties = true, properties = {}, patternProperties = {} },
    compile,
  ) => {
    const named = new Set(Object.keys(properties));
    const patterns = Object.keys(patternProperties).map(compilePattern);
    const rest = otherFieldTest({ keyword: 'additionalProperties' }, additionalProperties, compile);
    return eachField((fields, field, run) => {
      judged(run, field);
      if (named.has(field) || patterns.some((pattern) => pattern.test(field))) return true;
      return rest(fields, field, run);
    });
  },
  dependencies: ({ dependencies = {} }, compile) =>
    all(
      Object.entries(dependencies).map(([field, needed]) =>
        isList(needed) ? neededBeside(field, needed) : beside(field, compile(needed)),
      ),
    ),
  properties: ({ properties = {} }, compile) => {
    const tests = Object.entries(properties).map(
      ([field, schema]) => [field, partTest(compile(schema))] as const,
    );
    return (value, run) => {
      if (!isNode(value)) return true;
      let fits = true;
      for (const [field, test] of tests) {
        if (!has(value, field)) continue;
        judged(run, field);
        if (test(value, field, run)) continue;
        if (!goesOn(run)) return false;
        fits = false;
      }
      return fits;
    };
  },
  patternProperties: ({ patternProperties = {} }, compile) =>
    all(
      Object.entries(patternProperties).map(([source, schema]) => {
        const pattern = compilePattern(source);
        const test = partTest(compile(schema));
        return eachField((fields, field, run) => {
          if (!pattern.test(field)) return true;
          judged(run, field);
          return test(fields, field, run);
        });
      }),
    ),
  dependentSchemas: ({ dependentSchemas = {} }, compile) =>
    all(Object.entries(dependentSchemas).map(([field, schema]) => beside(field, compile(schema)))),
};

type FieldTest = (fields: SchemaNode, field: string, run: Run) => boolean;

/** Judges a field that no other rule names. */
export function otherFieldTest(broken: Broken, schema: JsonSchema, compile: Compile): FieldTest {
  if (schema === false) return (_fields, field, run) => refuse(run, broken, field);
  return partTest(compile(schema));
}

export function eachField(test: FieldTest): Test {
  return (value, run) => {
    if (!isNode(value)) return true;
    let fits = true;
    for (const field of Object.keys(value)) {
      if (test(value, field, run)) continue;
      if (!goesOn(run)) return false;
      fits = false;
    }
    return fits;
  };
}

function onObject(broken: Broken, holds: (fields: SchemaNode) => boolean): Test {
  return (value, run) => !isNode(value) || holds(value) || refuse(run, broken);
}

function requiredTest(required: readonly string[], broken: Broken): Test {
  return (value, run) => {
    if (!isNode(value)) return true;
    let fits = true;
    for (const field of required) {
      if (has(value, field)) continue;
      fits = refuse(run, broken, field);
      if (!goesOn(run)) return false;
    }
    return fits;
  };
}

function neededBeside(field: string, needed: readonly string[]): Test {
  return beside(field, requiredTest(needed, { keyword: 'dependentRequired', params: { property: field } }));
}

/** Applies a test to objects that have a field. */
function beside(field: string, test: Test): Test {
  return (value, run) => !isNode(value) || !has(value, field) || test(value, run);
}

function judged({ evaluated }: Run, field: string): void {
  evaluated?.fields.add(field);
}

function has(fields: SchemaNode, field: string): boolean {
  return fields[field] !== undefined && Object.hasOwn(fields, field);
}

function isList(value: JsonSchema | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}
