import { ConfigError } from '@intersect-sdk/core';
import type { Pem } from '../pem.js';

/**
 * A `fetch` that trusts these authorities and no other. The one of Node has no such option, and its connections can't be used by another
 * version of the library that it is made of: so both come from the package. Throws ConfigError where the package is not installed.
 */
export async function fetchTrusting(ca: Pem): Promise<typeof fetch> {
  const { Agent, fetch: fetchOfPackage } = await loadUndici();
  const pem = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
  const decoder = new TextDecoder();
  const dispatcher = new Agent({
    connect: { ca: pem.map((each) => (typeof each === 'string' ? each : decoder.decode(each))) },
  });
  type Input = Parameters<typeof fetchOfPackage>;
  const trusting = (input: unknown, init: object) =>
    fetchOfPackage(input as Input[0], { ...init, dispatcher } as Input[1]);
  return trusting as unknown as typeof fetch;
}

async function loadUndici() {
  try {
    return await import('undici');
  } catch (cause) {
    const message = 'needs the package undici, version 7; install it: npm install undici@7';
    throw new ConfigError('The data store cannot be reached', [{ path: 'ca', message }], { cause });
  }
}
