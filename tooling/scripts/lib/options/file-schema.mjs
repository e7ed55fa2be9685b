/** @typedef {import('./tables.mjs').Table} Table */
/** @typedef {import('./tables.mjs').Facts} Facts */
/** @typedef {Record<string, unknown>} Schema */

/**
 * The JSON Schema of a configuration file. Editors offer the names as the Python SDK writes them; those in camelCase
 * are taken too.
 *
 * @param {Table} table
 * @param {readonly Table[]} tables All of them, for those that this one holds.
 * @param {string} title
 * @returns {Schema}
 */
export function fileSchema(table, tables, title) {
  const { properties, ...rest } = objectSchema(table.value, tables, '#');
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
 * @param {string} pointer Where in the whole schema this one stands.
 */
function objectSchema(value, tables, pointer) {
  const table = tables.find((each) => each.value === value);
  if (!table) throw new Error(`${pointer} holds rows that are no table of options.`);
  /** @type {Schema} */
  const properties = {};
  /** @type {Schema} */
  const inCamelCase = {};
  /** @type {Schema[]} */
  const required = [];
  for (const { name, fileName, sentence, facts } of table.rows) {
    const at = `${pointer}/properties/${fileName}`;
    const schema = valueSchema(facts, tables, at);
    if (schema === undefined) continue;
    properties[fileName] = {
      description: sentence,
      ...(facts.default !== undefined && { default: facts.default }),
      ...schema,
    };
    if (fileName !== name) inCamelCase[`^${name}$`] = { $ref: at };
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
  if (!json) return objectSchema(fields, tables, pointer);
  return { anyOf: [json, objectSchema(fields, tables, `${pointer}/anyOf/1`)] };
}
