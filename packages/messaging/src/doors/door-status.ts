import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { callOperation } from './door-call.js';
import type { DoorPlace } from './door-environment.js';
import type { ToldStatus } from './door-types.js';
import { resolveStatusOptions } from './status-options.js';
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
  const { check, timeoutMs, signal } = resolveStatusOptions(given ?? {}, place);
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
