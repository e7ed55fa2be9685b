/** The same text for objects and lists that are the same JSON, and for no others: the order of fields has no meaning. */
export function canonicalText(value: object): string {
  return canonical(value);
}

export function isObjectOrList(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObjectOrList(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = Object.keys(value).sort();
  const entries = fields.map(
    (field) => `${JSON.stringify(field)}:${canonical((value as Readonly<Record<string, unknown>>)[field])}`,
  );
  return `{${entries.join()}}`;
}
