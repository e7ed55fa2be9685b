import { IllegalStateError } from '@intersect-sdk/core';

/** What a transport that has ended says to whoever uses it further. */
export function closedError(name: string, cause?: Error): IllegalStateError {
  return new IllegalStateError('CLOSED', `${name} is closed. Make a new transport to connect again.`, {
    cause,
  });
}

export function drainingError(name: string): IllegalStateError {
  return new IllegalStateError('DRAINING', `${name} is shutting down.`);
}

export function notConnectedError(name: string): IllegalStateError {
  return new IllegalStateError('NOT_CONNECTED', `${name} is not connected: await connect() first.`);
}
