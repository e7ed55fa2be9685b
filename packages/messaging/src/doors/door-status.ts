import type { Issue } from '@intersect-sdk/core';
import {
  DEFAULT_CONTENT_TYPE,
  FieldReader,
  LONGEST_TIMER_MS,
  throwConfigError,
} from '@intersect-sdk/core/internal';
import { readCheckMode } from './check-mode.js';
import { callOperation } from './door-call.js';
import type { DoorPlace } from './door-environment.js';
import type { ToldStatus } from './door-types.js';
import { judge } from './verdict.js';

/** Asks for the status where the contract says how, else gives what the service told last. */
export async function statusByContract(options: unknown, place: DoorPlace): Promise<unknown> {
  const operation = place.contract.statusName();
  if (operation === null) return toldStatus(options, place);
  const { payload } = await callOperation({ operation, argument: undefined, options }, place);
  return payload;
}

async function toldStatus(given: unknown, place: DoorPlace): Promise<ToldStatus<unknown>> {
  const { contract, name, address, observers, unchecked } = place;
  const issues: Issue[] = [];
  const read = new FieldReader(given ?? {}, issues);
  const check = readCheckMode(read, place.check);
  const timeoutMs = read.number('timeoutMs', place.timeoutMs, { min: 1, max: LONGEST_TIMER_MS });
  const signal = read.signal('signal');
  read.rejectUnknown();
  throwConfigError(`The status of ${name} cannot be waited for`, issues);
  const { statuses, messageId, receivedAtMs } = await place.lastStatuses(address, { timeoutMs, signal });
  const status = Object.hasOwn(statuses, name) ? statuses[name] : null;
  const declared = contract.status();
  if (declared) {
    const arrived = { payload: status, contentType: DEFAULT_CONTENT_TYPE };
    const about = { capability: name, source: address, messageId };
    judge(
      { part: 'status', arrived, contract: declared, what: `The status of ${name} of ${address}`, about },
      { check, observers, unchecked },
    );
  }
  return { status, ageMs: performance.now() - receivedAtMs };
}
