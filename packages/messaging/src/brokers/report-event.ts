import type { Transport, TransportEvent } from '@intersect-sdk/transport';
import type { Observers } from '../observe/observers.js';

/** Tells observers how the connection is, and reports what a transport says of itself where it is a fault or something to know. */
export function reportEvent(observers: Observers, { name: broker }: Transport, event: TransportEvent): void {
  const { report } = observers;
  if (event.kind === 'state') observers.connection({ broker, state: event.state.kind });
  if (event.kind === 'handler-failed') {
    report({ kind: 'handler-failed', broker, channel: event.channel, error: event.error });
  } else if (event.kind === 'message-refused') {
    report({ kind: 'message-refused', broker, channel: event.channel, error: event.error });
  } else if (event.kind === 'subscription-lost') {
    // One that is made again at once, because of a message that takes long, is no failure of the broker.
    const kind = event.error.code === 'ACKNOWLEDGE_TIMEOUT' ? 'broker-notice' : 'broker-failed';
    report({ kind, broker, channel: event.channel, error: event.error });
  } else if (event.kind === 'notice') {
    report({ kind: 'broker-notice', broker, channel: event.channel, message: event.message });
  } else if (event.kind === 'state' && event.state.kind === 'closed' && event.state.error) {
    report({ kind: 'broker-failed', broker, error: event.state.error });
  }
}
