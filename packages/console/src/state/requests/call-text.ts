import { jsonText } from '../json.js';

/** A request as a person would repeat it elsewhere. */
export interface SpokenRequest {
  readonly address: string;
  /** `capability.operation`. */
  readonly operation: string;
  readonly contentType: string;
  /** Undefined: the operation takes nothing. */
  readonly argument: unknown;
}

const JSON_TYPE = 'application/json';

/** The same request as a command of the shell. */
export function commandText({ address, operation, contentType, argument }: SpokenRequest): string {
  const words = ['intersect', 'call', shellWord(address), shellWord(operation)];
  if (argument instanceof Uint8Array) words.push('@FILE', '--type', shellWord(contentType));
  else if (argument !== undefined) words.push(shellWord(oneLine(argument)));
  return words.join(' ');
}

/** The same request as a program. */
export function programText({ address, operation, contentType, argument }: SpokenRequest): string {
  const isBytes = argument instanceof Uint8Array;
  const fields = [`destination: ${literal(address)},`, `operation: ${literal(operation)},`];
  if (isBytes) fields.push("payload: await readFile('FILE'),");
  else if (argument !== undefined) fields.push(`payload: ${sourceOf(argument, '  ')},`);
  if (contentType !== JSON_TYPE) fields.push(`contentType: ${literal(contentType)},`);
  return `${isBytes ? "import { readFile } from 'node:fs/promises';\n" : ''}import { IntersectClient } from '@intersect-sdk/client';

const client = new IntersectClient({ brokers: [/* yours */] });
await client.startup();
const answer = await client.request({
  ${fields.join('\n  ')}
});
console.log(answer);
await client.shutdown();
`;
}

function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function oneLine(value: unknown): string {
  return jsonText(value).replace(/\n\s*/g, '');
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** JSON is TypeScript, but for whole numbers beyond what a number holds. */
function sourceOf(value: unknown, indent: string): string {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? `${value}` : `${value}n`;
  if (typeof value !== 'object' || value === null) return jsonText(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => sourceOf(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${sourceOf(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}
