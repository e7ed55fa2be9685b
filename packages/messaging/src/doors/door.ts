import type {
  AnyDefinition,
  CapabilityDefinition,
  CapabilityShape,
  Contract,
} from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';
import { isCapabilityName, kindOf, type Response, throwConfigError } from '@intersect-sdk/core/internal';
import { callForStream, callOperation, type GivenCall } from './door-call.js';
import type { DoorEnvironment, DoorPlace } from './door-environment.js';
import { listenByContract } from './door-events.js';
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
    $events: (event: string, options?: unknown) => listenByContract(event, options, place),
    $status: (options?: unknown) => statusByContract(options, place),
    $details: Object.freeze(methodsOf(place, (given) => callOperation(given, place))),
    $stream: Object.freeze(streamsOf(place)),
  };
  return Object.freeze(door) as unknown as CapabilityDoor<Shape>;
}

function payloadOf({ payload }: Response): unknown {
  return payload;
}

/** Only those whose answers are bytes. */
function streamsOf(place: DoorPlace): Record<string, Method> {
  const methods = methodsOf(place, (given) => callForStream(given, place));
  const isStreamed = ([name]: [string, Method]): boolean =>
    place.contract.operation(name)?.answer?.isBinary === true;
  return Object.fromEntries(Object.entries(methods).filter(isStreamed));
}

type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** A method for each operation that can have one, and `$call` for all. */
function methodsOf(place: DoorPlace, send: (given: GivenCall) => Promise<unknown>): Record<string, Method> {
  const { contract } = place;
  const call = async (operation: string, argument: unknown, options: unknown): Promise<unknown> =>
    send({ operation, argument, options });
  const names = Object.keys(contract.declaration.operations ?? {}).filter(canBeMethod);
  const methods = names.map((name): [string, Method] => {
    const takesNothing = contract.operation(name)?.argument === undefined;
    return [
      name,
      takesNothing
        ? (options) => call(name, undefined, options)
        : (argument, options) => call(name, argument, options),
    ];
  });
  const $call: Method = (name, argument, options) => call(name as string, argument, options);
  return { ...Object.fromEntries(methods), $call };
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
