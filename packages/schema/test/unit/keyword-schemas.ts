import type { JsonSchema } from '@intersect-sdk/contract/internal';

const number = { type: 'number' };
const text = { type: 'string' };

/** What the documents of the reference don't show: each keyword, alone and together with what changes its meaning. */
export const KEYWORD_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  types: { type: ['integer', 'null', 'string'] },
  'nullable type': { type: 'number', nullable: true },
  'limits of numbers': { type: 'number', minimum: -2, exclusiveMaximum: 5 },
  'other limits of numbers': { exclusiveMinimum: 0, maximum: 7 },
  multiples: { type: 'number', multipleOf: 0.01 },
  'whole multiples': { type: 'integer', multipleOf: 3 },
  'lengths in characters': { type: 'string', minLength: 2, maxLength: 3 },
  'limits without a type': { minLength: 2, minimum: 3, minItems: 1 },
  pattern: { type: 'string', pattern: '^[a-c]{2,3}\\d?$' },
  'pattern of Python': { type: 'string', pattern: '\\A(?P<first>[a-z])\\d+\\Z' },
  ...Object.fromEntries(
    [
      'date-time',
      'date',
      'time',
      'duration',
      'uuid',
      'uri',
      'email',
      'hostname',
      'ipv4',
      'ipv6',
      'json-pointer',
      'regex',
      'byte',
    ].map((format) => [`format ${format}`, { type: 'string', format }]),
  ),
  int32: { type: 'number', format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 },
  'enumeration of several kinds': { enum: [1, 'a', null, { a: 1, b: [2] }, [1, 2]] },
  'constant object': { const: { a: 1, b: 'x' } },
  'constant number': { const: 0 },
  list: { type: 'array', items: number, minItems: 1, maxItems: 3 },
  'list of different items': {
    type: 'array',
    uniqueItems: true,
    items: { enum: [1, '1', true, { a: 1 }, { a: 1, b: 2 }] },
  },
  tuple: { type: 'array', prefixItems: [number, text], items: false },
  'tuple with a rest': { type: 'array', prefixItems: [number], items: text },
  "TypeBox's tuple": { type: 'array', items: [number, text], additionalItems: false, minItems: 2 },
  contains: { type: 'array', contains: { type: 'number', minimum: 5 }, minContains: 1, maxContains: 2 },
  fields: { type: 'object', properties: { a: number, b: text }, required: ['a'] },
  'fields and no others': { type: 'object', properties: { a: number, b: text }, additionalProperties: false },
  'names that every object has': {
    type: 'object',
    required: ['toString'],
    properties: { constructor: number },
  },
  'other fields': { type: 'object', properties: { a: text }, additionalProperties: number },
  'fields by pattern': {
    type: 'object',
    patternProperties: { '^S_': text, '^I_': { type: 'integer' } },
    additionalProperties: false,
  },
  'names of fields': { type: 'object', propertyNames: { pattern: '^[a-z]*$', maxLength: 4 } },
  'numbers of fields': { type: 'object', minProperties: 1, maxProperties: 2 },
  'fields that need others': {
    type: 'object',
    properties: { a: number, b: number, c: number },
    dependentRequired: { a: ['b'] },
  },
  'fields that change others': {
    type: 'object',
    properties: { a: number, b: number },
    dependentSchemas: { a: { required: ['b'], properties: { b: { minimum: 0 } } } },
  },
  'dependencies of older drafts': {
    type: 'object',
    properties: { a: number, b: number },
    dependencies: { a: ['b'], b: { properties: { a: { minimum: 0 } } } },
  },
  'one of several': { oneOf: [{ type: 'number', minimum: 0 }, { type: 'integer', maximum: 5 }, text] },
  'any of several': {
    anyOf: [
      { type: 'object', required: ['kind'], properties: { kind: { const: 'a' }, a: number } },
      { type: 'array', items: number },
    ],
  },
  'all of several': {
    allOf: [
      { type: 'object', properties: { a: number } },
      { required: ['b'], properties: { b: text } },
    ],
  },
  not: { type: 'number', not: { type: 'integer' } },
  condition: {
    type: 'object',
    properties: { a: { enum: [1, 2] }, b: { enum: ['x', 1] } },
    if: { properties: { a: { const: 1 } }, required: ['a'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { required: ['b'], properties: { b: text } },
    else: { properties: { b: number } },
  },
  'fields that no rule knows': {
    type: 'object',
    allOf: [{ properties: { a: number } }],
    anyOf: [{ properties: { b: number }, required: ['b'] }, true],
    unevaluatedProperties: false,
  },
  'fields that no rule knows, of a type': {
    type: 'object',
    if: { required: ['a'], properties: { a: number } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { properties: { b: text } },
    unevaluatedProperties: number,
  },
  'items that no rule knows': {
    type: 'array',
    prefixItems: [number],
    anyOf: [{ prefixItems: [true, text] }, true],
    unevaluatedItems: false,
  },
  'a tree': {
    $id: 'Tree',
    type: 'object',
    properties: { value: number, children: { type: 'array', items: { $ref: 'Tree' } } },
    required: ['value'],
  },
  'a type in it': {
    $defs: {
      Point: {
        type: 'object',
        properties: { x: number, y: number },
        required: ['x', 'y'],
        additionalProperties: false,
      },
    },
    type: 'array',
    items: { $ref: '#/$defs/Point' },
  },
  'beside a reference': {
    $defs: { Named: { type: 'object', properties: { name: text } } },
    $ref: '#/$defs/Named',
    required: ['name'],
    properties: { name: { minLength: 1 } },
  },
  'not even a field': { type: 'object', properties: { a: false, b: true } },
};
