// Registered, so that a handler made by the ESM build is known to a service of the CJS build.
const HANDLER: unique symbol = Symbol.for('intersect-sdk.streamed-handler') as never;

/** A handler that takes its binary argument as a stream. Made by `streamed`. */
export interface StreamedHandler<Context, Answer> {
  readonly [HANDLER]: (argument: ReadableStream<Uint8Array>, context: Context) => Answer;
}

/**
 * A handler of an operation whose request is `Binary(...)` that gets the argument as a stream instead of a `Uint8Array`, so that it is never in
 * memory as a whole: `implement({ save: streamed(async (data, context) => { ... }) })`. The stream ends without an error only if the data are
 * complete and right. Where they lie in a data store, they are deleted once the answer is with the broker, unless the stream failed.
 */
export function streamed<Context, Answer>(
  handler: (argument: ReadableStream<Uint8Array>, context: Context) => Answer,
): StreamedHandler<Context, Answer> {
  return Object.freeze({ [HANDLER]: handler });
}

/** The function within; undefined for anything that `streamed` did not make. */
export function streamedHandlerOf(
  value: unknown,
): ((argument: ReadableStream<Uint8Array>, context: unknown) => unknown) | undefined {
  return (value as Partial<StreamedHandler<unknown, unknown>> | null | undefined)?.[HANDLER];
}
