import { IllegalStateError } from '@intersect-sdk/core';
import type { Emit, EmitOptions, OperationContext } from './context.js';
import type {
  AnswerOf,
  ArgumentOf,
  CapabilityDeclaration,
  EventValues,
  OperationName,
  StatusName,
  StatusOf,
} from './declaration.js';

type Awaitable<Value> = Value | PromiseLike<Value>;

/** The functions that a declaration asks for: one for each operation, and the status function. */
export type Implementation<D extends CapabilityDeclaration> = {
  [Name in OperationName<D>]: (
    argument: ArgumentOf<D, Name>,
    context: OperationContext<EventValues<D>>,
  ) => Awaitable<AnswerOf<D, Name>>;
} & {
  [Name in StatusName<D>]: () => Awaitable<StatusOf<D>>;
};

/** Where the events of a capability go: each service that offers it. */
interface EventSink {
  emit(emission: Emission): Promise<void>;
}

/** One event on its way out. */
export interface Emission {
  readonly capability: string;
  readonly event: string;
  readonly value: unknown;
  /** As the caller gave them. */
  readonly options?: EmitOptions | undefined;
}

/** What a service needs of a capability and nobody else. */
export interface CapabilityInternals {
  readonly declaration: CapabilityDeclaration;
  readonly implementation: Readonly<Record<string, unknown>>;
  readonly sinks: Set<EventSink>;
}

// Registered, so that a capability made by the ESM build is known to a service of the CJS build.
const INTERNALS: unique symbol = Symbol.for('intersect-sdk.capability') as never;
const DECLARATION: unique symbol = Symbol.for('intersect-sdk.capability-declaration') as never;

/** A capability with its code, whatever its events are. */
export interface AnyCapability {
  readonly name: string;
  readonly emit: (...nothing: never[]) => Promise<void>;
}

/** A capability with its code, ready to be given to a service. Made by `implement`. */
export interface Capability<Events = Record<never, never>> extends AnyCapability {
  /**
   * Sends an event through every service that offers the capability. Resolves when each connected
   * broker has it. Rejects with SCHEMA_MISMATCH if the value doesn't fit the declaration, CONFIG_INVALID
   * for an event that is not declared, NOT_CONNECTED if no service offers the capability or none is
   * started. A caller who doesn't wait is safe: the failure is reported and the process lives.
   */
  readonly emit: Emit<Events>;
}

/** A declared capability, implemented or not. */
export interface AnyDefinition {
  readonly declaration: CapabilityDeclaration;
}

/** A declared capability, not yet implemented. Made by `defineCapability`. */
export interface CapabilityDefinition<D extends CapabilityDeclaration = CapabilityDeclaration>
  extends AnyDefinition {
  readonly declaration: D;
  /**
   * Adds the code: an object, or an instance of a class, with a function for each operation under
   * the operation's name. The functions are called as its methods, so `this` is the object.
   */
  implement(implementation: Implementation<D>): Capability<EventValues<D>>;
}

/**
 * Declares a capability: its operations, events and status with their schemas. The types of all
 * handlers follow from it. Nothing is checked here; a service and `intersectSchema` refuse what can't be used.
 */
export function defineCapability<const D extends CapabilityDeclaration>(
  declaration: D,
): CapabilityDefinition<D> {
  const definition: CapabilityDefinition<D> = {
    declaration,
    implement(implementation) {
      const sinks = new Set<EventSink>();
      const emit = (event: string, value: unknown, options?: EmitOptions): Promise<void> =>
        handledRejection(emitToAll(sinks, { capability: declaration.name, event, value, options }));
      const capability: Capability<EventValues<D>> = { name: declaration.name, emit };
      const internals: CapabilityInternals = {
        declaration,
        implementation: implementation as Readonly<Record<string, unknown>>,
        sinks,
      };
      return Object.defineProperty(capability, INTERNALS, { value: internals });
    },
  };
  return Object.defineProperty(definition, DECLARATION, { value: declaration });
}

/** Undefined for anything that `implement` did not make. */
export function internalsOf(value: unknown): CapabilityInternals | undefined {
  return (value as { [INTERNALS]?: CapabilityInternals } | null | undefined)?.[INTERNALS];
}

/** The declaration of a definition or of an implemented capability; undefined for anything else. */
export function declarationOf(value: unknown): CapabilityDeclaration | undefined {
  const definition = value as { [DECLARATION]?: CapabilityDeclaration } | null | undefined;
  return definition?.[DECLARATION] ?? internalsOf(value)?.declaration;
}

/** A promise that may be left alone: its rejection is not unhandled, and still rejects for those who wait. */
export function handledRejection<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

async function emitToAll(sinks: ReadonlySet<EventSink>, emission: Emission): Promise<void> {
  if (sinks.size === 0) {
    throw new IllegalStateError(
      'NOT_CONNECTED',
      `Capability ${emission.capability} emitted '${emission.event}' but no service offers it; give it to an IntersectService first`,
    );
  }
  await Promise.all([...sinks].map((sink) => sink.emit(emission)));
}
