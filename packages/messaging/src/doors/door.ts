import type {
  AnyDefinition,
  CapabilityDefinition,
  CapabilityShape,
  Contract,
} from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';
import {
  type ItemStream,
  isCapabilityName,
  kindOf,
  type Response,
  throwConfigError,
} from '@intersect-sdk/core/internal';
import { callForBytes, callOperation, type GivenCall } from './door-call.js';
import type { DoorEnvironment, DoorPlace } from './door-environment.js';
import { listenByContract } from './door-events.js';
import { callForItems } from './door-items.js';
import { statusByContract } from './door-status.js';
import type { CapabilityDoor } from './door-types.js';

/**
 * A capability of one service, as a plain object to call it by. Throws ConfigError for what `defineCapability` did not make and for
 * what is no address. Nothing is connected or sent for it.
 */
export function createDoor<Shape extends CapabilityShape>(
  definition: CapabilityDefinition<Shape>,
  address: string,
  environment: DoorEnvironment,
): CapabilityDoor<Shape> {
  const place = placeOf(definition, address, environment);
  const door = {
    ...methodsOf(place, (given) => callOperation(given, place).then(payloadOf)),
    ...itemMethodsOf(place),
    $events: (event: string, options?: unknown) => listenByContract(event, options, place),
    $status: (options?: unknown) => statusByContract(options, place),
    $details: Object.freeze(methodsOf(place, (given) => callOperation(given, place))),
    $bytes: Object.freeze(bytesMethodsOf(place)),
  };
  return Object.freeze(door) as unknown as CapabilityDoor<Shape>;
}

function payloadOf({ payload }: Response): unknown {
  return payload;
}

/** Only those whose answers are bytes. */
function bytesMethodsOf(place: DoorPlace): Record<string, Method> {
  const methods = methodsOf(place, (given) => callForBytes(given, place));
  const isStreamed = ([name]: [string, Method]): boolean =>
    place.contract.operation(name)?.answer?.isBinary === true;
  return Object.fromEntries(Object.entries(methods).filter(isStreamed));
}

type Method<Given = Promise<unknown>> = (...given: readonly unknown[]) => Given;

/** A method for each operation that can have one, and `$call` for all. */
function methodsOf(place: DoorPlace, send: (given: GivenCall) => Promise<unknown>): Record<string, Method> {
  const call = async (given: GivenCall): Promise<unknown> => send(given);
  const $call: Method = (name, argument, options) => call({ operation: name as string, argument, options });
  return { ...eachMethodOf(place, call), $call };
}

/** Only those whose answers are streams of items. */
function itemMethodsOf(place: DoorPlace): Record<string, Method<ItemStream<unknown>>> {
  const methods = eachMethodOf(place, (given) => callForItems(given, place));
  const isStream = ([name]: [string, unknown]): boolean => place.contract.operation(name)?.item !== undefined;
  return Object.fromEntries(Object.entries(methods).filter(isStream));
}

function eachMethodOf<Given>(
  { contract }: DoorPlace,
  call: (given: GivenCall) => Given,
): Record<string, Method<Given>> {
  const names = Object.keys(contract.declaration.operations ?? {}).filter(canBeMethod);
  const methods = names.map((operation): [string, Method<Given>] => {
    const takesNothing = contract.operation(operation)?.argument === undefined;
    return [
      operation,
      takesNothing
        ? (options) => call({ operation, argument: undefined, options })
        : (argument, options) => call({ operation, argument, options }),
    ];
  });
  return Object.fromEntries(methods);
}

// `await` looks for `then`, `JSON.stringify` for `toJSON`; what every object has is called in many ways. None of these may send something.
function canBeMethod(name: string): boolean {
  return !name.startsWith('$') && name !== 'then' && name !== 'toJSON' && !(name in Object.prototype);
}

function placeOf(definition: unknown, address: unknown, environment: DoorEnvironment): DoorPlace {
  const { wire } = environment;
  const issues: Issue[] = [];
  const contract = (definition as Partial<AnyDefinition> | null | undefined)?.contract;
  const name = contract?.declaration?.name;
  if (typeof contract?.operation !== 'function') {
    issues.push({
      path: 'definition',
      message: `must be made by defineCapability, got ${kindOf(definition)}`,
    });
  } else if (typeof name !== 'string' || !isCapabilityName(name)) {
    issues.push({
      path: 'definition.name',
      message: 'must begin with a letter or digit and hold only letters, digits and _',
    });
  }
  if (typeof address !== 'string' || !wire.isAddress(address)) {
    issues.push({ path: 'address', message: wire.addressHint });
  }
  throwConfigError('The capability cannot be called', issues);
  return { ...environment, contract: contract as Contract, name: name as string, address: address as string };
}
