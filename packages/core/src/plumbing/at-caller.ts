import { isIntersectError } from '../errors/errors.js';

const { captureStackTrace } = Error as {
  readonly captureStackTrace?: (error: object, leaveOut?: unknown) => void;
};

/**
 * Settles as the promise does. The stack of an error of this SDK, which was made in a timer or where a message came in, then begins with
 * the lines of the program that wait for it. Costs nothing before there is an error; where the engine can't tell, the stack stays.
 */
export function atCaller<T>(promise: Promise<T>): Promise<T> {
  return promise.then(undefined, throwAtCaller);
}

function throwAtCaller(error: unknown): never {
  if (captureStackTrace && isIntersectError(error)) addFrames(error);
  throw error;
}

function addFrames(error: Error): void {
  const here: { stack?: string } = {};
  // The engine follows the promise to whoever waits for it.
  captureStackTrace?.(here, throwAtCaller);
  const awaiting = framesOf(here.stack);
  const made = error.stack ?? '';
  const first = framesOf(made);
  if (awaiting === '' || first.includes(awaiting)) return;
  const head = first === '' ? made : made.slice(0, made.length - first.length);
  error.stack = `${head.trimEnd()}\n${awaiting}${first && `\n${first}`}`;
}

/** The lines from the first `at` on. */
function framesOf(stack = ''): string {
  return /^ {4}at .*$(?:\n {4}at .*$)*/m.exec(stack)?.[0] ?? '';
}
