import { isNode } from '@intersect-sdk/contract/internal';

const NAME = /^[A-Za-z_$][\w$]*$/;
const LINE_ENDS = /[\u2028\u2029]/g;

/** Text as a literal of TypeScript, on one line whatever is in it. */
export function textLiteral(text: string): string {
  return JSON.stringify(text).replaceAll(LINE_ENDS, (end) => (end === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** The name of a field, as it stands in a type. */
export function fieldName(name: string): string {
  return NAME.test(name) ? name : textLiteral(name);
}

/** What reads a field of the expression before it. */
export function fieldAccess(name: string): string {
  return NAME.test(name) ? `.${name}` : `[${textLiteral(name)}]`;
}

/** A value of JSON as an expression, over several lines where it is an object. */
export function valueLiteral(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      return `[${value.map((item) => valueLiteral(item)).join(', ')}]`;
    }
    return `[\n${value.map((item) => `${inner}${valueLiteral(item, inner)},\n`).join('')}${indent}]`;
  }
  if (!isNode(value)) return typeof value === 'string' ? textLiteral(value) : JSON.stringify(value);
  const fields = Object.entries(value);
  if (fields.length === 0) return '{}';
  const lines = fields.map(([name, field]) => `${inner}${keyOf(name)}: ${valueLiteral(field, inner)},\n`);
  return `{\n${lines.join('')}${indent}}`;
}

// Written plainly, this one name would set the prototype.
function keyOf(name: string): string {
  return name === '__proto__' ? "['__proto__']" : fieldName(name);
}

/** The type that has this value of JSON and no other one. */
export function typeOfLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(typeOfLiteral).join(', ')}]`;
  if (!isNode(value)) return typeof value === 'string' ? textLiteral(value) : JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${fieldName(name)}: ${typeOfLiteral(field)}`);
  return fields.length === 0 ? '{ [key: string]: never }' : `{ ${fields.join('; ')} }`;
}
