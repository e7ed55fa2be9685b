import type { Transport, TransportEvent } from '@intersect-sdk/transport';
import type { Observers } from '../observe/observers.js';
import type { Reporter } from '../observe/report.js';

/** Tells observers how the connection of a transport is, and reports what it says of itself where it is a fault or something to know. */
export function reportEvents(transport: Transport, observers: Observers): void {
  const { name: broker } = transport;
  let before = transport.state.kind;
  transport.onEvent((event) => {
    if (event.kind === 'state') {
      const { kind: state } = event.state;
      observers.connection({ broker, state, before });
      before = state;
    }
    reportEvent(observers.report, broker, event);
  });
}

function reportEvent(report: Reporter, broker: string, event: TransportEvent): void {
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
