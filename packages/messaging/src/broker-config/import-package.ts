import { ConfigError } from '@intersect-sdk/core';

/** What needs a package that a program may do without. */
export interface PackageNeed {
  /** What can't be made without it, as an error says it. */
  readonly what: string;
  /** Where the configuration asks for it. */
  readonly path: string;
  /** What of the configuration needs it. */
  readonly needed: string;
  readonly packageName: string;
}

/** Imports a package and says which one to install when it is not there. */
export async function importPackage<T>(
  { what, path, needed, packageName }: PackageNeed,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, packageName)) throw error;
    const message = `${needed} needs the package ${packageName}; install it: npm install ${packageName}`;
    throw new ConfigError(what, [{ path, message }], { cause: error });
  }
}

// A package that is there but lacks one of its own dependencies must not be reported as missing.
function isMissing(error: unknown, packageName: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return notFound && String(message).includes(`'${packageName}'`);
}
