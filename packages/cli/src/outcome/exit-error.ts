import type { ExitCode } from './exit-codes.js';

/** Ends the program with an exit code, where everything was said already. */
export class ExitError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super(`Ends with ${exitCode}.`);
    this.exitCode = exitCode;
  }
}
