const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What stands in the place of a secret. */
const REDACTED = '[redacted]';

/** An object that prints without its secrets. */
export type Redacted<T> = T & { toJSON(): object };

/**
 * Makes the object print as if each of these fields held `[redacted]`, or what is given for it, in JSON and in
 * Node's `util.inspect`. The fields themselves keep their values. A copy made by spreading is not protected.
 */
export function redactWhenPrinted<T extends object>(
  value: T,
  secrets: readonly (keyof T & string)[],
  instead: { readonly [K in keyof T]?: unknown } = {},
): Redacted<T> {
  const printed = (): object => {
    const copy: Record<string, unknown> = { ...value, ...instead };
    for (const name of secrets) if (copy[name] !== undefined) copy[name] = REDACTED;
    return copy;
  };
  Object.defineProperty(value, 'toJSON', { value: printed });
  Object.defineProperty(value, INSPECT, { value: printed });
  return value as Redacted<T>;
}

/** A WebSocket's path without its query, which often holds a token. */
export function redactPath(path: string | undefined): string | undefined {
  return path?.replace(/\?.*/s, `?${REDACTED}`);
}
