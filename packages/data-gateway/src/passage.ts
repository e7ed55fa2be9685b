import { onAbort, within } from '@intersect-sdk/core/internal';

/** What bytes on their way are held to. */
export interface PassageRules {
  /** There must be exactly so many, where it is known. */
  readonly size?: number | undefined;
  /** There may be no more. */
  readonly maxBytes?: number | undefined;
  /** How long the source may take for its next bytes. Unset where it has a limit of its own. */
  readonly sourceMs?: number | undefined;
  /** How long who reads may take until it wants the next bytes. */
  readonly readerMs?: number | undefined;
  /** Ends the passage. */
  readonly signal: AbortSignal;
  readonly errors: PassageErrors;
}

/** The errors that the passage ends with. */
export interface PassageErrors {
  /** The source failed, or ended before there were as many bytes as were promised. */
  cut(cause?: unknown): Error;
  /** There are more bytes than were promised, or than are allowed. */
  tooLarge(): Error;
  late(): Error;
  aborted(): Error;
}

/**
 * The same bytes, counted, within limits of time, and read no faster than they are wanted. Ends without an error only where they are
 * complete. However it ends, the source is told.
 */
export function passage(source: ReadableStream<Uint8Array>, rules: PassageRules): ReadableStream<Uint8Array> {
  const { size, errors, sourceMs, readerMs, signal } = rules;
  const most = size ?? rules.maxBytes ?? Number.POSITIVE_INFINITY;
  const reader = source.getReader();
  let passed = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let forget = (): void => {};
  const end = (): void => {
    clearTimeout(waiting);
    forget();
  };
  const fail = (controller: ReadableStreamDefaultController<Uint8Array>, error: Error): void => {
    end();
    controller.error(error);
    reader.cancel(error).catch(() => {});
  };
  const next = async (): Promise<Uint8Array | undefined> => {
    const reading = reader.read().catch((cause) => {
      throw signal.aborted ? errors.aborted() : errors.cut(cause);
    });
    const { value } = sourceMs === undefined ? await reading : await within(reading, sourceMs, errors.late);
    if (value === undefined && size !== undefined && passed < size) throw errors.cut();
    passed += value?.byteLength ?? 0;
    if (passed > most) throw errors.tooLarge();
    return value;
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (signal.aborted) fail(controller, errors.aborted());
        else forget = onAbort(signal, () => fail(controller, errors.aborted()));
      },
      async pull(controller) {
        clearTimeout(waiting);
        try {
          const value = await next();
          if (signal.aborted) return;
          if (value === undefined) {
            end();
            controller.close();
            return;
          }
          controller.enqueue(value);
          if (readerMs !== undefined) waiting = setTimeout(() => fail(controller, errors.late()), readerMs);
        } catch (error) {
          if (!signal.aborted) fail(controller, error as Error);
        }
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
    // Nothing is read ahead of who wants it.
    { highWaterMark: 0 },
  );
}
