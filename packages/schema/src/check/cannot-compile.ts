import { ConfigError } from '@intersect-sdk/core';

const NO_CODE =
  "is checked by code that is made from text, which is forbidden here (by a Content-Security-Policy without 'unsafe-eval', or by " +
  'node --disallow-code-generation-from-strings); allow it, or check with a contract of @intersect-sdk/contract, which needs no such code';
const NO_VALIDATOR =
  'is checked by the validator ajv, which could not be loaded; install it, and let a bundler take it in or leave it to be required';

/** Why a schema that was found to be one could not be compiled. The schema is blamed only where nothing else is to blame. */
export function cannotCompile(cause: unknown): ConfigError {
  if (isForbiddenCode(cause)) return unusable('Schemas cannot be compiled here', NO_CODE, cause);
  if (isMissingModule(cause)) return unusable('Schemas cannot be compiled here', NO_VALIDATOR, cause);
  const message =
    cause instanceof RangeError
      ? 'is nested too deep'
      : 'cannot be compiled; a part of it is not valid JSON Schema';
  return unusable('The schema cannot be used', message, cause);
}

function unusable(what: string, message: string, cause: unknown): ConfigError {
  return new ConfigError(what, [{ path: '', message }], { cause });
}

function isForbiddenCode(error: unknown): boolean {
  return (error as Partial<Error> | null)?.name === 'EvalError';
}

function isMissingModule(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  // A bundle of the sources has no `require`, or one that says in words that it can't.
  return (
    /^(?:ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') ||
    /\brequire\b|Cannot find (?:module|package)/.test(message)
  );
}
