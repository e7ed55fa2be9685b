/** Whether two values are the same JSON: the order of fields has no meaning. */
export function sameJson(a: unknown, b: unknown): boolean {
  return keyOf(a) === keyOf(b);
}

/** The same for values that are the same JSON, and for no others: usable as the key of a Map or an item of a Set. */
export function keyOf(value: unknown): unknown {
  // A text can't be taken for the key of an object, which is a text too.
  if (typeof value === 'string') return `"${value}`;
  return typeof value === 'object' && value !== null ? canonical(value) : value;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }
  const fields = Object.keys(value).sort();
  const entries = fields.map(
    (field) => `${JSON.stringify(field)}:${canonical((value as Readonly<Record<string, unknown>>)[field])}`,
  );
  return `{${entries.join()}}`;
}
