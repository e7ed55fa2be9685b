/**
 * The items of an answer as an async iterable: `for await (const point of stream)`. The request is sent when the first item is asked for;
 * from then on the service is at most 64 items or 4 MiB ahead of the reader. Leaving the loop, `await using` and the request's signal
 * cancel the request. A service that does not give its items one by one, e.g. one of the Python SDK, gives all of them at its end.
 */
export interface ItemStream<Item> extends AsyncIterableIterator<Item>, AsyncDisposable {
  /** Ends the stream, and cancels the request if it has no answer yet. */
  return(): Promise<IteratorResult<Item>>;
  /** All items, once the last one is here. */
  toArray(): Promise<Item[]>;
  [Symbol.asyncIterator](): ItemStream<Item>;
}
