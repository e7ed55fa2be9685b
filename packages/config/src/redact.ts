const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Makes the object print as if each of these fields held `[redacted]`, in JSON and in Node's
 * `util.inspect`. The fields themselves keep their values. A copy made by spreading is not protected.
 */
export function redactWhenPrinted<T extends object>(value: T, secrets: readonly (keyof T & string)[]): T {
  const printed = (): Record<string, unknown> => {
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(value));
    for (const name of secrets) if (copy[name] !== undefined) copy[name] = '[redacted]';
    return copy;
  };
  Object.defineProperty(value, 'toJSON', { value: printed });
  Object.defineProperty(value, INSPECT, { value: printed });
  return value;
}
