import { IllegalStateError, PublishError } from '@intersect-sdk/core';
import { abortedError, onAbort, within } from '@intersect-sdk/core/internal';
import type { Transport } from '@intersect-sdk/transport';

interface Waiting {
  /** Of the message that waits. */
  readonly channel: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Resolves when one of the brokers is open again. Throws PUBLISH_TIMEOUT, ABORTED, or CLOSED as soon as none will be. */
export async function anyOpen(
  brokers: readonly Transport[],
  { channel, timeoutMs, signal }: Waiting,
): Promise<void> {
  if (brokers.length === 0) throw allClosed();
  const what = `Publishing to ${channel}`;
  if (signal?.aborted) throw abortedError(what, signal);
  const removers: (() => void)[] = [];
  const opened = new Promise<void>((resolve, reject) => {
    for (const transport of brokers) {
      removers.push(
        transport.onEvent((event) => {
          if (event.kind === 'state' && event.state.kind === 'open') resolve();
        }),
      );
    }
    if (signal) removers.push(onAbort(signal, () => reject(abortedError(what, signal))));
    void Promise.all(brokers.map(({ closed }) => closed)).then(() => reject(allClosed()));
  });
  const late = `No broker was connected within ${timeoutMs} ms, so the message to ${channel} was not sent.`;
  try {
    await within(opened, timeoutMs, () => new PublishError('PUBLISH_TIMEOUT', late));
  } finally {
    for (const remove of removers) remove();
  }
}

export function allClosed(): IllegalStateError {
  return new IllegalStateError('CLOSED', 'Every connection to a broker is closed.');
}
