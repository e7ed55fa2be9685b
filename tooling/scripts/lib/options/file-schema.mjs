import { join } from 'node:path';
import { root } from '../root.mjs';

/** @typedef {import('./tables.mjs').Table} Table */
/** @typedef {import('./tables.mjs').Row} Row */
/** @typedef {import('./tables.mjs').Facts} Facts */
/** @typedef {Record<string, unknown>} Schema */

/** The schemas that are shipped: what each file is called, and which tables together say what it holds. */
const SHIPPED = [
  { kind: 'client', names: ['PARTICIPANT_OPTIONS', 'CLIENT_OPTIONS'] },
  { kind: 'service', names: ['SERVICE_OPTIONS', 'PARTICIPANT_OPTIONS'] },
];

/**
 * The schemas of the package `config`.
 *
 * @param {readonly Table[]} tables
 * @returns {{ file: string, text: string }[]} The names of the files, and their texts.
 */
export function shippedSchemas(tables) {
  return SHIPPED.map(({ kind, names }) => {
    const own = names.flatMap((name) => tables.filter((table) => table.name === name));
    const schema = fileSchema(own, tables, `Configuration of an INTERSECT ${kind}`);
    return {
      file: join(root, 'packages', 'config', 'schemas', `${kind}.schema.json`),
      text: `${JSON.stringify(schema, null, 2)}\n`,
    };
  });
}

/**
 * The JSON Schema of a configuration file. Editors offer the names as the Python SDK writes them; those in camelCase
 * are taken too.
 *
 * @param {readonly Table[]} own Those that say together what it holds.
 * @param {readonly Table[]} tables All of them, for those that these hold.
 * @param {string} title
 * @returns {Schema}
 */
export function fileSchema(own, tables, title) {
  const rows = own.flatMap((table) => table.rows);
  const { properties, ...rest } = objectSchema(rows, tables, '#');
  // Draft 7 is what editors know best.
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...rest,
    properties: { $schema: { type: 'string' }, ...properties },
  };
}

/**
 * @param {object} value
 * @param {readonly Table[]} tables
 * @param {string} pointer
 */
function rowsOf(value, tables, pointer) {
  const table = tables.find((each) => each.value === value);
  if (!table) throw new Error(`${pointer} holds rows that are no table of options.`);
  return table.rows;
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly Table[]} tables
 * @param {string} pointer Where in the whole schema this one stands.
 */
function objectSchema(rows, tables, pointer) {
  /** @type {Schema} */
  const properties = {};
  /** @type {Schema} */
  const inCamelCase = {};
  /** @type {Schema[]} */
  const required = [];
  for (const { name, fileName, sentence, facts, fromFile } of rows) {
    const at = `${pointer}/properties/${fileName}`;
    const schema = valueSchema(facts, tables, at);
    if (schema === undefined) continue;
    properties[fileName] = {
      description: sentence,
      ...(facts.default !== undefined && { default: facts.default }),
      ...schema,
    };
    if (fileName !== name) inCamelCase[`^${name}$`] = { $ref: at };
    if (fromFile) {
      properties[fromFile.fileName] = {
        description: `The name of a file, relative to this one, that holds what \`${fileName}\` is: ${sentence}`,
        type: 'string',
      };
      inCamelCase[`^${fromFile.name}$`] = { $ref: `${pointer}/properties/${fromFile.fileName}` };
    }
    if (!facts.required || facts.variable !== undefined) continue;
    const named = [...new Set([fileName, name])].map((each) => ({ required: [each] }));
    required.push({ anyOf: named });
  }
  return {
    type: 'object',
    properties,
    ...(Object.keys(inCamelCase).length > 0 && { patternProperties: inCamelCase }),
    additionalProperties: false,
    ...(required.length > 0 && { allOf: required }),
  };
}

/**
 * @param {Facts} facts
 * @param {readonly Table[]} tables
 * @param {string} pointer
 * @returns {Schema | undefined} Undefined for what a file can't hold.
 */
function valueSchema({ json, fields, items, nullable }, tables, pointer) {
  if (items) {
    const element = valueSchema(items, tables, `${pointer}/items`);
    return element && { type: 'array', items: element, ...json };
  }
  if (!fields) return nullable ? { ...json, type: [json?.type, 'null'] } : json;
  if (!json) return objectSchema(rowsOf(fields, tables, pointer), tables, pointer);
  return { anyOf: [json, objectSchema(rowsOf(fields, tables, pointer), tables, `${pointer}/anyOf/1`)] };
}
