import type { AnyDefinition } from '@intersect-sdk/contract/plain';
import { ConfigError } from '@intersect-sdk/core';
import { unknownField } from '@intersect-sdk/core/internal';
import type { AskedRequest, EmittedEvent } from './traffic.js';

/** Which requests are of this operation. Throws ConfigError for one that the contract does not declare. */
export function isRequestOf<Argument>(contract: AnyDefinition, operation: string) {
  const { operations, status } = contract.declaration;
  const known = [...Object.keys(operations ?? {}), ...(status ? [status.name ?? 'status'] : [])];
  throwIfUnknown(known, operation, 'operation');
  const name = nameOf(contract, operation);
  return (request: AskedRequest): request is AskedRequest<Argument> => request.operation === name;
}

/** Which events are this one. Throws ConfigError for one that the contract does not declare. */
export function isEventOf<Value>(contract: AnyDefinition, event: string) {
  throwIfUnknown(Object.keys(contract.declaration.events ?? {}), event, 'event');
  const name = nameOf(contract, event);
  return (emitted: EmittedEvent): emitted is EmittedEvent<Value> => emitted.event === name;
}

/** As it stands on the wire. */
export function nameOf({ declaration }: AnyDefinition, name: string): string {
  return `${declaration.name}.${name}`;
}

function throwIfUnknown(known: readonly string[], name: string, kind: string): void {
  if (known.includes(name)) return;
  const message = unknownField(name, known, kind);
  throw new ConfigError(`The contract declares no such ${kind}`, [{ path: name, message }]);
}

/** `Thermostat.set_target (2), Camera.expose`. */
export function countsOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`)).join(', ') || 'none';
}
