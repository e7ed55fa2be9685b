import type { Reporter } from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import type { CompiledOperation } from '../compile/compiled.js';

/** A quarter of what the broker sends without acknowledgement leaves the most of it to other operations. */
const SHARE_THAT_WAITS = 1 / 4;

interface Limits {
  readonly maxInFlight: number;
  readonly maxWaiting: number | undefined;
}

/** How many requests that are acknowledged on start may wait for their handlers. */
export function maxWaitingAt(broker: Transport, { maxInFlight, maxWaiting }: Limits): number {
  const { maxUnacknowledged = maxInFlight } = broker.capabilities;
  return maxWaiting ?? Math.max(1, Math.floor(Math.min(maxInFlight, maxUnacknowledged) * SHARE_THAT_WAITS));
}

/** Reports operations that may take longer than a broker waits for their acknowledgement; once for each broker. */
export function tellOfLongOperations(
  operations: readonly CompiledOperation[],
  brokers: readonly Transport[],
  report: Reporter,
): void {
  for (const { name, capabilities } of brokers) {
    const { acknowledgeWithinMs = Number.POSITIVE_INFINITY } = capabilities;
    const long = operations.filter(
      ({ timeLimitMs = 0, acknowledgesOnStart }) => timeLimitMs > acknowledgeWithinMs && !acknowledgesOnStart,
    );
    if (long.length === 0) continue;
    const names = long.map(({ fullName, timeLimitMs }) => `${fullName} (${timeLimitMs} ms)`).join(', ');
    const message = [
      `By their time limits these operations may run longer than ${name} waits for an acknowledgement, ${acknowledgeWithinMs} ms: ${names}.`,
      "Then their requests come again, and run a second time where another program has this service's name. Declare them with",
      "acknowledge: 'on-start', or let the broker wait longer, and say so in the transport's consumerTimeoutMs.",
    ].join(' ');
    report({ kind: 'broker-notice', broker: name, message });
  }
}
