import { FORM_RULES, typeTest } from './rules/form-rules.js';
import type { Keywords, RuleTable } from './rules/keywords.js';
import { LIST_RULES } from './rules/list-rules.js';
import { NUMBER_RULES } from './rules/number-rules.js';
import { OBJECT_RULES } from './rules/object-rules.js';
import { TEXT_RULES } from './rules/text-rules.js';
import { withUnevaluated } from './rules/unevaluated-rules.js';
import { accept, all, refuse, type Test, TooManySteps } from './run.js';
import { isNode, type JsonSchema } from './schema/json-schema.js';
import { parseRef } from './schema/refs.js';

const RULES: RuleTable = { ...NUMBER_RULES, ...TEXT_RULES, ...FORM_RULES, ...LIST_RULES, ...OBJECT_RULES };
const PLACES = new Map(Object.keys(RULES).map((keyword, place) => [keyword, place]));

/**
 * Compiles schemas to closures: what a schema says is read once, and no code is made from text, so that it
 * works where a Content-Security-Policy forbids `eval`. For schemas that were found to be usable; see `prepareSchema`.
 */
export class TestCompiler {
  readonly #definitions: ReadonlyMap<string, JsonSchema>;
  readonly #references = new Map<string, Test>();

  /** `definitions`: the types that `$ref` names. */
  constructor(definitions: ReadonlyMap<string, JsonSchema>) {
    this.#definitions = definitions;
  }

  readonly compile = (schema: JsonSchema): Test => {
    if (!isNode(schema)) return schema === false ? refuseAll : accept;
    const node: Keywords = schema;
    const tests: (Test | undefined)[] = [typeTest(node)];
    if (node.$ref !== undefined) tests.push(this.#reference(node.$ref));
    for (const keyword of keywordsOf(schema)) tests.push(RULES[keyword]?.(node, this.compile));
    return withUnevaluated(all(tests.filter((test) => test !== undefined)), node, this.compile);
  };

  /** Compiled once for each type, so that a type may refer to itself. */
  #reference(ref: string): Test {
    const known = this.#references.get(ref);
    if (known) return known;
    let target: Test = accept;
    const test: Test = (value, run) => {
      run.stepsLeft--;
      if (run.stepsLeft < 0) throw new TooManySteps();
      return target(value, run);
    };
    this.#references.set(ref, test);
    target = this.compile(this.#resolve(ref));
    return test;
  }

  #resolve(ref: string): JsonSchema {
    const target = parseRef(ref);
    if (target.kind !== 'named') return true;
    let found: unknown = this.#definitions.get(target.name);
    for (const part of target.inside)
      found = (found as Readonly<Record<string, unknown>> | undefined)?.[part];
    return found as JsonSchema;
  }
}

const refuseAll: Test = (_value, run) => refuse(run, { keyword: 'false schema' });

/** The keywords of a schema that are rules, in the order of the rules. */
function keywordsOf(schema: Readonly<Record<string, unknown>>): string[] {
  const keywords = Object.keys(schema).filter((key) => PLACES.has(key) && schema[key] !== undefined);
  return keywords.sort((a, b) => (PLACES.get(a) ?? 0) - (PLACES.get(b) ?? 0));
}
