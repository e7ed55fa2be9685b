/** The same text for objects and lists that are the same JSON, and for no others: the order of fields has no meaning. */
export function canonicalText(value: object): string {
  return canonical(value);
}

export function isObjectOrList(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What values that are no objects or lists are told apart by: a bigint and a number that are the same number are one to JSON. */
export function equalityKey(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isFinite(number) && BigInt(number) === value ? number : value;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isObjectOrList(value)) return String(equalityKey(value));
  const fields = Object.keys(value).sort();
  const entries = fields.map(
    (field) => `${JSON.stringify(field)}:${canonical((value as Readonly<Record<string, unknown>>)[field])}`,
  );
  return `{${entries.join()}}`;
}
