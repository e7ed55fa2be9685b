import { isObjectOrList } from '../json-equality.js';
import { isNode, type SchemaNode } from './json-schema.js';

const SCALAR_TYPES = new Set<unknown>(['string', 'integer', 'number', 'boolean', 'null']);

/** Whether a keyword of a schema compares values that may be objects or lists. */
export function comparesObjects(keyword: string, node: SchemaNode): boolean {
  switch (keyword) {
    case 'const':
      return isObjectOrList(node.const);
    case 'enum':
      return Array.isArray(node.enum) && node.enum.some(isObjectOrList);
    case 'uniqueItems':
      return node.uniqueItems === true && !holdsScalars(node);
    default:
      return false;
  }
}

function holdsScalars({ items, prefixItems }: SchemaNode): boolean {
  if (prefixItems !== undefined || !isNode(items)) return false;
  const { type } = items;
  return Array.isArray(type)
    ? type.length > 0 && type.every((name) => SCALAR_TYPES.has(name))
    : SCALAR_TYPES.has(type);
}
