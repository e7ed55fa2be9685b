import { isIntersectError } from '@intersect-sdk/core';
import { EXIT, EXIT_OF_ERROR, type ExitCode } from './exit-codes.js';
import { ExitError } from './exit-error.js';
import type { Output } from './output.js';
import { UsageError } from './usage-error.js';

/** Says what went wrong, and answers how the program ends. */
export async function tellFailure(error: unknown, output: Output, signal: AbortSignal): Promise<ExitCode> {
  if (signal.aborted) {
    // Who stopped it knows that; a program that waits for its one object does not.
    if (output.isJson && !output.hasTold) {
      await output.object({ error: { code: 'STOPPED', message: 'It was stopped.', exitCode: EXIT.stopped } });
    }
    return EXIT.stopped;
  }
  if (isIntersectError(error)) {
    const told = error.toJSON() as { readonly message: string };
    return tell({ ...told, code: error.code }, EXIT_OF_ERROR[error.code]);
  }
  if (error instanceof ExitError) return error.exitCode;
  if (error instanceof UsageError) return tell({ code: error.code, message: error.message }, EXIT.usage);
  if (isFileError(error)) {
    const { code = '', message } = error;
    return tell({ code, message: message.replace(/^[A-Z]+: /, '') }, EXIT.usage);
  }
  const { message = String(error), stack } = error as Partial<Error>;
  const exit = await tell(
    { code: 'UNEXPECTED', message: `This should not have happened: ${message}` },
    EXIT.usage,
  );
  if (stack) output.note(stack);
  return exit;

  async function tell(
    told: { readonly code: string; readonly message: string },
    exitCode: ExitCode,
  ): Promise<ExitCode> {
    if (output.isJson) await output.object({ error: { ...told, exitCode } });
    output.fault(told.message);
    return exitCode;
  }
}

/** A file of the person's that is missing, or may not be read or written. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as Partial<NodeJS.ErrnoException>;
  return typeof code === 'string' && typeof syscall === 'string';
}
