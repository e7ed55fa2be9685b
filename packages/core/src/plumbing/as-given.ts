/**
 * What `make` makes of a value in the step in which it is given: at once, or of a promise's value before anything that follows from it.
 * So it is made of the value as it was, whatever its giver does to it afterwards.
 */
export function asGiven<Made>(given: unknown, make: (value: unknown) => Made): Made | Promise<Made> {
  return isThenable(given) ? Promise.resolve(given).then(make) : make(given);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
