import { addEvaluated, nothingEvaluated, partTest, refuse, type Test } from '../run.js';
import type { Compile, Keywords } from './keywords.js';
import { restTest } from './list-rules.js';
import { eachField, otherFieldTest } from './object-rules.js';

/**
 * Adds what `unevaluatedProperties` and `unevaluatedItems` ask for to the other rules of a schema: it
 * applies to what none of those has judged, and only where a value fits them.
 */
export function withUnevaluated(rules: Test, node: Keywords, compile: Compile): Test {
  const rests: Test[] = [];
  const { unevaluatedProperties, unevaluatedItems } = node;
  if (unevaluatedProperties !== undefined) rests.push(fieldsTest(node, compile));
  if (unevaluatedItems !== undefined) rests.push(itemsTest(node, compile));
  if (rests.length === 0) return rules;
  return (value, run) => {
    const outer = run.evaluated;
    const evaluated = nothingEvaluated();
    run.evaluated = evaluated;
    const fits = rules(value, run) && rests.every((rest) => rest(value, run));
    run.evaluated = outer;
    if (fits && outer) addEvaluated(outer, evaluated);
    return fits;
  };
}

function fieldsTest({ unevaluatedProperties = true }: Keywords, compile: Compile): Test {
  const rest = otherFieldTest({ keyword: 'unevaluatedProperties' }, unevaluatedProperties, compile);
  return eachField((fields, field, run) => {
    if (run.evaluated?.fields.has(field)) return true;
    run.evaluated?.fields.add(field);
    return rest(fields, field, run);
  });
}

function itemsTest({ unevaluatedItems = true }: Keywords, compile: Compile): Test {
  const test = partTest(compile(unevaluatedItems));
  return (value, run) => {
    const start = run.evaluated?.items ?? 0;
    if (unevaluatedItems !== false) return restTest(test, start)(value, run);
    if (!Array.isArray(value) || value.length <= start) return true;
    return refuse(run, { keyword: 'unevaluatedItems', params: { limit: start } });
  };
}
