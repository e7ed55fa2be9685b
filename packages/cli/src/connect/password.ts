import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { Surroundings } from '../frame/surroundings.js';
import { UsageError } from '../outcome/usage-error.js';
import type { PasswordSource } from './contexts.js';

const COMMAND_TIMEOUT_MS = 60_000;

/** Gets a password from where the context says it is: a variable of the environment, or the first line that a command writes. */
export async function passwordFrom(
  source: PasswordSource,
  { env, signal }: Pick<Surroundings, 'env' | 'signal'>,
): Promise<string> {
  if ('variable' in source) {
    const value = env[source.variable];
    if (value) return value;
    throw new UsageError(
      `The context takes its password from the variable ${source.variable}, which is not set`,
    );
  }
  const { command } = source;
  let stdout: string;
  try {
    ({ stdout } = await promisify(exec)(command, {
      env: env as NodeJS.ProcessEnv,
      signal,
      timeout: COMMAND_TIMEOUT_MS,
    }));
  } catch (error) {
    // Neither what it wrote nor its own message, which can have the password in them.
    const { code } = error as { readonly code?: unknown };
    throw new UsageError(
      `The context's command for the password failed (${code ?? 'it took too long'}): ${command}`,
    );
  }
  const password = stdout.split(/\r?\n/, 1)[0];
  if (password) return password;
  throw new UsageError(`The context's command for the password wrote nothing: ${command}`);
}
