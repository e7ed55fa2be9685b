import type { JsonSchema } from './json-schema.js';

const schema = { $ref: 'Schema' };
const schemas = { type: 'array', items: schema, minItems: 1 };
const schemasByName = { type: 'object', additionalProperties: schema };
const count = { type: 'integer', minimum: 0 };
const number = { type: 'number' };
const text = { type: 'string' };
const flag = { type: 'boolean' };
const names = { type: 'array', items: text, uniqueItems: true };
const typeName = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

/** What the value of each keyword has to be (draft 2020-12), as a schema itself. It refers to itself as `Schema`. */
export const META_SCHEMA: JsonSchema = {
  type: ['object', 'boolean'],
  dependentRequired: { nullable: ['type'] },
  properties: {
    $id: text,
    $schema: text,
    $ref: text,
    $comment: text,
    $defs: schemasByName,
    title: text,
    description: text,
    deprecated: flag,
    readOnly: flag,
    writeOnly: flag,
    examples: { type: 'array' },
    type: {
      if: { type: 'array' },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { items: typeName, minItems: 1, uniqueItems: true },
      else: typeName,
    },
    nullable: flag,
    enum: { type: 'array', minItems: 1 },
    maximum: number,
    minimum: number,
    exclusiveMaximum: number,
    exclusiveMinimum: number,
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    maxLength: count,
    minLength: count,
    pattern: text,
    format: text,
    contentEncoding: text,
    contentMediaType: text,
    contentSchema: schema,
    maxItems: count,
    minItems: count,
    uniqueItems: flag,
    prefixItems: schemas,
    items: schema,
    contains: schema,
    maxContains: count,
    minContains: count,
    unevaluatedItems: schema,
    maxProperties: count,
    minProperties: count,
    required: names,
    dependentRequired: { type: 'object', additionalProperties: names },
    dependentSchemas: schemasByName,
    dependencies: {
      type: 'object',
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits this object
      additionalProperties: { if: { type: 'array' }, then: names, else: schema },
    },
    propertyNames: schema,
    properties: schemasByName,
    patternProperties: schemasByName,
    additionalProperties: schema,
    unevaluatedProperties: schema,
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: schema,
    if: schema,
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: schema,
    else: schema,
  },
};
