import { TransportError } from '@intersect-sdk/core';
import type { MqttCredentials, ResolvedMqttOptions } from './options/options.js';

/** Asks for credentials, within the time of a connect. Throws TransportError: AUTH_REFUSED, CONNECT_TIMEOUT, ABORTED. */
export async function askCredentials(
  { credentials, connectTimeoutMs }: ResolvedMqttOptions,
  broker: string,
  signal: AbortSignal,
): Promise<MqttCredentials> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = (): void => {};
  const tooLate = new Promise<never>((_, reject) => {
    const message = `No connection to ${broker}: no credentials came within ${connectTimeoutMs} ms.`;
    timer = setTimeout(() => reject(new TransportError('CONNECT_TIMEOUT', message)), connectTimeoutMs);
    onAbort = () => reject(aborted(broker, signal));
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([call(credentials, broker), tooLate]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

export function aborted(broker: string, signal: AbortSignal): TransportError {
  return new TransportError('ABORTED', `Connecting to ${broker} was aborted.`, { cause: signal.reason });
}

async function call(ask: ResolvedMqttOptions['credentials'], broker: string): Promise<MqttCredentials> {
  try {
    return await ask();
  } catch (cause) {
    const message = `No connection to ${broker}: \`credentials\` failed. Its error is the cause.`;
    throw new TransportError('AUTH_REFUSED', message, { cause });
  }
}
