import { ConfigError } from '@intersect-sdk/core';

/** Throws ConfigError: no page can choose whom its browser trusts. */
export async function fetchTrusting(): Promise<typeof fetch> {
  const message = 'must be left out: a browser brings its own certificates';
  throw new ConfigError('The data store cannot be reached', [{ path: 'ca', message }]);
}
