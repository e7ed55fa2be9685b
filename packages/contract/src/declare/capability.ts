import { IllegalStateError } from '@intersect-sdk/core';
import type { Emit } from './context.js';
import type { CapabilityDeclaration } from './declaration.js';
import type { EmitOptions } from './emit-options.js';

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

/** What only a service needs to know of a capability. */
export interface CapabilityInternals {
  readonly declaration: CapabilityDeclaration;
  readonly implementation: Readonly<Record<string, unknown>>;
  readonly sinks: Set<EventSink>;
}

// Registered, so that a capability made by the ESM build is known to a service of the CJS build.
const INTERNALS: unique symbol = Symbol.for('intersect-sdk.capability') as never;

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

/** Adds the code to a declaration. */
export function implementCapability<Events>(
  declaration: CapabilityDeclaration,
  implementation: object,
): Capability<Events> {
  const sinks = new Set<EventSink>();
  const emit = (event: string, value: unknown, options?: EmitOptions): Promise<void> =>
    handledRejection(emitToAll(sinks, { capability: declaration.name, event, value, options }));
  const capability: Capability<Events> = { name: declaration.name, emit };
  const internals: CapabilityInternals = {
    declaration,
    implementation: implementation as Readonly<Record<string, unknown>>,
    sinks,
  };
  return Object.defineProperty(capability, INTERNALS, { value: internals });
}

/** Undefined for anything that `implement` did not make. */
export function internalsOf(value: unknown): CapabilityInternals | undefined {
  return (value as { [INTERNALS]?: CapabilityInternals } | null | undefined)?.[INTERNALS];
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
