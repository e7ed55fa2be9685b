import type { PayloadContract } from '@intersect-sdk/contract/plain';
import { ConfigError, type Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError, unknownField } from '@intersect-sdk/core/internal';
import type { EventMessage } from '../events/event-listening.js';
import type { EventStream } from '../events/event-stream.js';
import { readEventsOptions } from '../events/events-options.js';
import { readCheckMode } from './check-mode.js';
import type { DoorPlace } from './door-environment.js';
import type { CapabilityEvents } from './door-types.js';
import { judge } from './verdict.js';

/** Listens to an event by its contract. Throws ConfigError with every problem. */
export function listenByContract(event: string, given: unknown, place: DoorPlace): CapabilityEvents<unknown> {
  const { contract, name, address, observers, unchecked } = place;
  const issues: Issue[] = [];
  const declared = contract.event(event);
  if (!declared) {
    const known = Object.keys(contract.declaration.events ?? {});
    issues.push({ path: String(event), message: unknownField(String(event), known, 'event') });
  }
  const read = new FieldReader(given ?? {}, issues);
  const check = readCheckMode(read, place.check);
  const options = readEventsOptions(read);
  read.rejectUnknown();
  const what = `The events of ${name} cannot be listened to`;
  throwConfigError(what, issues);
  if (!declared) throw new ConfigError(what, issues);
  const stream = place.openEvents({ hierarchy: address, capabilityName: name, eventName: event }, options);
  return checkedStream(stream, (message) =>
    judge(judged(message, declared), { check, observers, unchecked }),
  );
}

function judged(message: EventMessage, contract: PayloadContract): Parameters<typeof judge>[0] {
  const { source, capabilityName: capability, eventName: event, headers } = message;
  return {
    part: 'event',
    arrived: message,
    contract,
    what: `The event ${capability}.${event} of ${source}`,
    about: { capability, event, source, messageId: headers.messageId },
  };
}

/** The stream, where `inspect` sees each event before its reader does. What it throws ends the stream. */
function checkedStream(
  stream: EventStream,
  inspect: (event: EventMessage) => void,
): CapabilityEvents<unknown> {
  return {
    ready: stream.ready,
    async next() {
      const result = await stream.next();
      if (result.done) return { value: undefined, done: true };
      try {
        inspect(result.value);
      } catch (error) {
        await stream.stop();
        throw error;
      }
      return result;
    },
    async return() {
      await stream.stop();
      return { value: undefined, done: true };
    },
    stop: () => stream.stop(),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: () => stream.stop(),
  };
}
