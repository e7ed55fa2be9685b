import { formatInWords } from './formats.js';
import type { Broken } from './run.js';

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

const LONGEST = 80;
const MOST_CHOICES = 12;

const NO_FORM = 'fits none of the allowed forms';

type Params = Readonly<Record<string, unknown>>;

// Each keyword's sentence. Nothing of the checked value goes into it but its kind.
const SENTENCES: Readonly<Record<string, (params: Params) => string>> = {
  type: ({ type, got, isNumber }) => {
    const [first, ...others] = listOf(type);
    if (isNumber && others.length === 0 && first === 'integer') return 'must be a whole number';
    if (isNumber && others.length === 0 && first === 'number') return 'must be a finite number';
    return `must be ${oneOf(listOf(type).map(typeInWords))}, got ${got}`;
  },
  enum: ({ allowedValues }) => `must be one of ${choices(listOf(allowedValues))}`,
  const: ({ allowedValue }) => `must be ${valueInWords(allowedValue)}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `must be more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${limit}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  minLength: ({ limit }) => (limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`),
  maxLength: ({ limit }) => `must have at most ${counted(limit, 'character')}`,
  pattern: ({ pattern }) => `must match the pattern ${cut(String(pattern))}`,
  format: ({ format }) => `must be ${formatInWords(String(format))}`,
  minItems: ({ limit }) => `must have at least ${counted(limit, 'item')}`,
  maxItems: ({ limit }) => `must have at most ${counted(limit, 'item')}`,
  uniqueItems: ({ i, j }) => `must not hold the same item twice; items ${j} and ${i} are the same`,
  contains: ({ minContains }) => `must hold at least ${counted(minContains, 'item')} that fits its rule`,
  items: ({ limit }) => `must have at most ${counted(limit, 'item')}`,
  minProperties: ({ limit }) => `must have at least ${counted(limit, 'field')}`,
  maxProperties: ({ limit }) => `must have at most ${counted(limit, 'field')}`,
  required: () => 'is required',
  dependentRequired: ({ property }) => `is required beside '${cut(String(property))}'`,
  additionalProperties: () => 'is not a known field',
  unevaluatedProperties: () => 'is not a known field',
  unevaluatedItems: ({ limit }) => `must have at most ${counted(limit, 'item')}`,
  propertyNames: () => 'is not allowed as the name of a field',
  not: () => 'is of a kind that is not allowed',
  oneOf: ({ fitsSeveral }) =>
    fitsSeveral ? 'fits more than one of the forms of which it must have exactly one' : NO_FORM,
  anyOf: () => NO_FORM,
  'false schema': () => 'is not allowed here',
};

export function sentenceOf({ keyword, params = {} }: Broken): string {
  const sentence = Object.hasOwn(SENTENCES, keyword) ? SENTENCES[keyword] : undefined;
  return sentence?.(params) ?? `does not fit the rule '${keyword}' of its schema`;
}

/** What a value that is of another kind altogether would have had to be; undefined where that isn't what is wrong. */
export function expectationOf({ keyword, params = {} }: Broken): string[] | undefined {
  const { type, allowedValue, allowedValues } = params;
  if (keyword === 'type') return listOf(type).map(typeInWords);
  if (keyword === 'const') return [valueInWords(allowedValue)];
  if (keyword === 'enum') return listOf(allowedValues).map(valueInWords);
  return undefined;
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  const shown = distinct.length > MOST_CHOICES ? [...distinct.slice(0, MOST_CHOICES), 'others'] : distinct;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : `${shown[0]}`;
}

function typeInWords(type: unknown): string {
  return TYPES[String(type)] ?? String(type);
}

function valueInWords(value: unknown): string {
  return typeof value === 'string' ? `'${cut(value)}'` : cut(JSON.stringify(value) ?? String(value));
}

function choices(values: readonly unknown[]): string {
  const words = values.slice(0, MOST_CHOICES).map(valueInWords);
  return values.length > MOST_CHOICES
    ? `${words.join(', ')} and ${values.length - MOST_CHOICES} more`
    : words.join(', ');
}

function counted(count: unknown, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 10)}...` : text;
}
