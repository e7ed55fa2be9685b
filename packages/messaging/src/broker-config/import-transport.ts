import { ConfigError } from '@intersect-sdk/core';
import type { BrokerProtocol } from '@intersect-sdk/transport/endpoint';

/** Imports a transport's package and says which one to install when it is not there. */
export async function importTransport<T>(
  protocol: BrokerProtocol,
  packageName: string,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, packageName)) throw error;
    const message = `${protocol} needs the package ${packageName}; install it: npm install ${packageName}`;
    throw new ConfigError('No transport for this broker', [{ path: 'protocol', message }], { cause: error });
  }
}

// A package that is there but lacks one of its own dependencies must not be reported as missing.
function isMissing(error: unknown, packageName: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return notFound && String(message).includes(`'${packageName}'`);
}
