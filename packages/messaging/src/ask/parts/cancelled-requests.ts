import type { UserspaceHeaders } from '@intersect-sdk/core';
import type { ControlledRequest } from './controls.js';

/** How many are remembered. */
const REMEMBERED = 10_000;

/** Requests that the caller has ended: what still comes of them is no surprise, and one that nobody had yet is cancelled when it is taken. */
export class CancelledRequests {
  /** Whether the service is still to be told. The oldest come first. */
  readonly #requests = new Map<string, boolean>();

  add(request: ControlledRequest, isTold: boolean): void {
    this.#requests.set(keyOf(request.requestId, request.destination, request.operation), !isTold);
    if (this.#requests.size <= REMEMBERED) return;
    for (const oldest of this.#requests.keys()) {
      this.#requests.delete(oldest);
      break;
    }
  }

  /** Whether this comes from a service that was asked for it. */
  has({ requestId, source, operationId }: UserspaceHeaders): boolean {
    return this.#requests.has(keyOf(requestId, source, operationId));
  }

  /** What to cancel now that the service has shown that it has the request; undefined where it was told before. */
  takeUntold({ requestId, source, operationId }: UserspaceHeaders): ControlledRequest | undefined {
    const key = keyOf(requestId, source, operationId);
    if (!this.#requests.get(key)) return undefined;
    this.#requests.set(key, false);
    return { requestId, destination: source, operation: operationId };
  }
}

function keyOf(requestId: string, address: string, operation: string): string {
  return `${requestId} ${address} ${operation}`;
}
