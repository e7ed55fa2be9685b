import { ConfigError, type Issue } from '@intersect-sdk/core';
import { throwConfigError } from '@intersect-sdk/core/internal';
import { checkBrokerConfig, type ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';

const WHAT = 'The broker configuration cannot be used';

/** Like `checkBrokerConfig`, but throws one ConfigError with all problems. */
export function resolveBrokerConfig(input: unknown): ResolvedBrokerConfig {
  const issues: Issue[] = [];
  const config = checkBrokerConfig(input, issues);
  throwConfigError(WHAT, issues);
  return config;
}

/** The error for a valid configuration that this platform does not support. */
export function notHere(path: string, message: string): ConfigError {
  return new ConfigError(WHAT, [{ path, message }]);
}
