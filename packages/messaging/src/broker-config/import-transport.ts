import type { BrokerProtocol } from '@intersect-sdk/transport/endpoint';
import { importPackage } from './import-package.js';

/** Imports a transport's package and says which one to install when it is not there. */
export function importTransport<T>(
  protocol: BrokerProtocol,
  packageName: string,
  load: () => Promise<T>,
): Promise<T> {
  const what = 'No transport for this broker';
  return importPackage({ what, path: 'protocol', needed: protocol, packageName }, load);
}
