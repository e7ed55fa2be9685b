import { STREAM_KEY } from '@intersect-sdk/core/internal';

/** The schema of an answer that is a list whose items can be had one by one. Made by `Stream`. */
export interface TStream<Item extends object = object> {
  readonly type: 'array';
  readonly items: Item;
  readonly 'x-intersect-stream': true;
}

/** What may be said about a stream besides its items. Shown in the service's schema. */
export interface StreamOptions {
  readonly title?: string;
  readonly description?: string;
}

/**
 * An answer that is given item by item: the handler is an async generator, `async *scan() { yield point; }`, or gives any other iterable.
 * Whoever asks for a stream gets each item as soon as it is there; everybody else, programs of the Python SDK among them, gets one answer
 * in the end, the JSON array of all items. Only as a whole response, never inside another schema; items are always JSON.
 */
export function Stream<const Item extends object>(item: Item, options: StreamOptions = {}): TStream<Item> {
  return { type: 'array', items: item, [STREAM_KEY]: true, ...options };
}

/** True for `Stream(...)` and for a JSON Schema that says the same in plain words. */
export function isStreamSchema(schema: unknown): schema is TStream {
  const { type, items, [STREAM_KEY]: streams } = (schema ?? {}) as Record<string, unknown>;
  return streams === true && type === 'array' && typeof items === 'object' && items !== null;
}
