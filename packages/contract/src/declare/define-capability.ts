import type { Static, TSchema } from 'typebox';
// From the entry, so that the compiler knows a name for them that it can write into the declarations of a contract.
import type {
  CapabilityDeclaration,
  CapabilityDefinition,
  EventDeclaration,
  OperationDeclaration,
  StatusDeclaration,
} from '../plain.js';
import type { TBinary } from './binary.js';
import { makeDefinition } from './make-definition.js';
import type { TStream } from './stream.js';

/** The type of the values that a schema describes. `undefined` stands for 'no schema'. */
export type ValueOf<Schema> = Schema extends TBinary
  ? Uint8Array
  : Schema extends TStream<infer Item>
    ? ValueOf<Item>[]
    : Schema extends TSchema
      ? Static<Schema>
      : undefined;

// What is inferred is written out, so that the declarations of a contract name neither a schema nor the types that read it.
type Written<T> = T extends infer Whole ? { [Key in keyof Whole]: Whole[Key] } : never;

type WrittenShape<D> = Written<{
  operations: D extends { readonly operations: infer Operations }
    ? OperationShapes<Operations>
    : Record<never, never>;
  events: D extends { readonly events: infer Events } ? EventShapes<Events> : Record<never, never>;
  status: D extends { readonly status: infer Status } ? StatusShapeOf<Status> : undefined;
}>;

type OperationShapes<Operations> = Written<{
  -readonly [Name in keyof Operations]: Written<
    {
      argument: Operations[Name] extends { readonly request: infer Schema } ? ValueOf<Schema> : undefined;
      answer: Operations[Name] extends { readonly response: infer Schema } ? ValueOf<Schema> : null;
    } & (Operations[Name] extends { readonly response: TStream<infer Item> }
      ? { item: ValueOf<Item> }
      : unknown)
  >;
}>;

type EventShapes<Events> = Written<{
  -readonly [Name in keyof Events]: Events[Name] extends { readonly schema: infer Schema }
    ? ValueOf<Schema>
    : never;
}>;

type StatusShapeOf<Status> = Status extends { readonly schema: infer Schema }
  ? {
      name: Status extends { readonly name: infer Name extends string | null } ? Name : 'status';
      value: ValueOf<Schema>;
    }
  : undefined;

declare const NO_OPTION: unique symbol;

/** Where the compiler names this, an option has a name that there is none of. */
export interface NotAnOptionOf<What extends string> {
  readonly [NO_OPTION]: What;
}

type Only<Known, Given, What extends string> = {
  readonly [Name in Exclude<keyof Given, keyof Known>]: NotAnOptionOf<What>;
};

type EachOnly<Known, Given, What extends string> = {
  readonly [Name in keyof Given]: Only<Known, Given[Name], What>;
};

/** Refuses what a declaration has and should not have, at its line. */
type Exactly<D> = Only<CapabilityDeclaration, D, 'a capability'> &
  (D extends { readonly operations: infer Given }
    ? { readonly operations: EachOnly<OperationDeclaration, Given, 'an operation'> }
    : unknown) &
  (D extends { readonly events: infer Given }
    ? { readonly events: EachOnly<EventDeclaration, Given, 'an event'> }
    : unknown) &
  (D extends { readonly status: infer Given }
    ? { readonly status: Only<StatusDeclaration, Given, 'a status'> }
    : unknown);

/**
 * Declares a capability: its operations, events and status with their schemas, TypeBox's or plain JSON Schema. The types of
 * handlers and of callers follow from it. A misspelled option is an error of the compiler; everything else that is wrong
 * is said by a service and `intersectSchema`, and by a client when it first uses the part that is.
 */
export function defineCapability<const D extends CapabilityDeclaration>(
  declaration: D & Exactly<D>,
): CapabilityDefinition<WrittenShape<D>> {
  return makeDefinition(declaration);
}
