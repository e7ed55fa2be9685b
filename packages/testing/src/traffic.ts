import { decodePayload, type WireMessage } from '@intersect-sdk/core';
import { CONTROL_HEADER, PART_HEADER, WIRE_0_9 } from '@intersect-sdk/core/internal';
import { Log } from './log.js';

interface Seen {
  /** The address of who sent it. */
  readonly source: string;
  readonly messageId: string;
  /** All headers as they stand on the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
}

/** A request that was sent to a service of the lab. */
export interface AskedRequest<Argument = unknown> extends Seen {
  /** `<capability>.<operation>`. */
  readonly operation: string;
  /** As it was sent: before the service checked it and filled in defaults. `null` where there is none; where it lies in a data store, where it lies. */
  readonly argument: Argument;
  /** The address that was asked. */
  readonly destination: string;
  readonly requestId: string;
}

/** An event that was emitted in the lab, whether anybody listens to it or not. */
export interface EmittedEvent<Value = unknown> extends Seen {
  /** `<capability>.<event>`. */
  readonly event: string;
  /** Where it lies in a data store, where it lies. */
  readonly value: Value;
}

/** What passes through the broker of a lab. Each message once, however often it was sent. */
export class Traffic {
  readonly requests = new Log<AskedRequest>();
  readonly events = new Log<EmittedEvent>();
  readonly #known = new Set<string>();
  /** How many messages have passed, of every kind. */
  passed = 0;

  readonly see = (message: WireMessage, { routed }: { readonly routed: boolean }): void => {
    this.passed++;
    const { channel, headers, contentType } = message;
    const names = WIRE_0_9.headerNames;
    const at = (name: keyof typeof names): string => headers[names[name]] ?? '';
    const seen = { source: at('source'), messageId: at('messageId'), headers, contentType };
    if (CONTROL_HEADER in headers || PART_HEADER in headers || this.#known.has(seen.messageId)) return;
    const [operation, destination] = [at('operationId'), at('destination')];
    if (operation && channel === WIRE_0_9.requestChannel(destination)) {
      // It may be sent again later; who asked is told that there is nobody.
      if (!routed) return;
      this.#known.add(seen.messageId);
      const argument = shownOf(message);
      this.requests.add({ ...seen, operation, argument, destination, requestId: at('requestId') });
      return;
    }
    const [capability, event] = [at('capabilityName'), at('eventName')];
    if (!capability || channel !== WIRE_0_9.eventChannel(seen.source, capability, event)) return;
    this.#known.add(seen.messageId);
    this.events.add({ ...seen, event: `${capability}.${event}`, value: shownOf(message) });
  };

  end(): void {
    this.requests.end();
    this.events.end();
  }
}

/** What is no JSON is shown as its bytes: that it can't be read is said by whom it was sent to. */
function shownOf({ payload, contentType }: WireMessage): unknown {
  try {
    return decodePayload(payload, contentType);
  } catch {
    return payload;
  }
}
