import type { DataSource } from '@intersect-sdk/core/internal';
import type { Capability } from './capability.js';
import type { OperationContext } from './context.js';
import type { Contract } from './contract.js';
import type { CapabilityDeclaration } from './declaration.js';
import type { CapabilityShape } from './shape.js';
import type { StreamedHandler } from './streamed.js';

type Awaitable<Value> = Value | PromiseLike<Value>;

/** A declared capability, whatever its types are. */
export interface AnyDefinition {
  readonly declaration: CapabilityDeclaration;
  /** What checks the payloads while a program runs, for whoever is given the definition. */
  readonly contract: Contract;
}

/**
 * A declared capability with its types as plain types. Made by `defineCapability`; who offers it implements it, who calls it
 * gets its types from it.
 */
export interface CapabilityDefinition<Shape extends CapabilityShape = CapabilityShape> extends AnyDefinition {
  /**
   * Adds the code: an object, or an instance of a class, with a function for each operation under
   * the operation's name. The functions are called as its methods, so `this` is the object.
   */
  implement(implementation: Handlers<Shape>): Capability<Shape['events']>;
}

/** The types of a declared capability: `ShapeOf<typeof Thermostat>`. */
export type ShapeOf<Definition extends AnyDefinition> =
  Definition extends CapabilityDefinition<infer Shape> ? Shape : never;

/** The functions that a declared capability asks for: `Implementation<typeof Thermostat>`. */
export type Implementation<Definition extends AnyDefinition> = Handlers<ShapeOf<Definition>>;

/** One function for each operation, and the status function. */
export type Handlers<Shape extends CapabilityShape> = {
  [Name in keyof Shape['operations']]: Handler<Shape['operations'][Name], Shape['events']>;
} & StatusFunction<Shape['status']>;

type Handler<Operation, Events> = Operation extends { argument: infer Argument; answer: infer Answer }
  ?
      | ((
          argument: Taken<Argument>,
          context: OperationContext<Events>,
        ) => Awaitable<GivenBy<Operation, Answer>>)
      | Streamable<Argument, OperationContext<Events>, Awaitable<GivenBy<Operation, Answer>>>
  : never;

/** Items may be given by whatever can be iterated, an async generator for one. */
type GivenBy<Operation, Answer> = Operation extends { item: infer Item }
  ? AsyncIterable<Item> | Iterable<Item>
  : Given<Answer>;

/** What may be left out has a default, which the handler is given then. */
type Taken<Argument> = [Argument] extends [undefined] ? Argument : Exclude<Argument, undefined>;

/** Bytes can be taken as a stream. */
type Streamable<Argument, Context, Answer> = [Argument] extends [Uint8Array]
  ? StreamedHandler<Context, Answer>
  : never;

type StatusFunction<Status> = Status extends { name: infer Name extends string; value: infer Value }
  ? { [Key in Name]: () => Awaitable<Value> }
  : unknown;

/** A function whose answer is `null` need not return it; bytes may also be given as a stream, a Blob or an async iterable. */
type Given<Answer> = [Answer] extends [null]
  ? Answer | void
  : [Answer] extends [Uint8Array]
    ? Answer | DataSource
    : Answer;

/** The names of the operations of a declared capability, its status function not among them. */
export type OperationName<Definition extends AnyDefinition> = keyof ShapeOf<Definition>['operations'] &
  string;

type OperationOf<
  Definition extends AnyDefinition,
  Name extends OperationName<Definition>,
> = ShapeOf<Definition>['operations'][Name];

/** What an operation takes; `undefined` where it takes nothing. */
export type ArgumentOf<Definition extends AnyDefinition, Name extends OperationName<Definition>> =
  OperationOf<Definition, Name> extends { argument: infer Argument } ? Argument : never;

/** What an operation gives; `null` where it gives nothing. */
export type AnswerOf<Definition extends AnyDefinition, Name extends OperationName<Definition>> =
  OperationOf<Definition, Name> extends { answer: infer Answer } ? Answer : never;

/** What a stream gives one by one; `never` for an operation that is none. */
export type ItemOf<Definition extends AnyDefinition, Name extends OperationName<Definition>> =
  OperationOf<Definition, Name> extends { item: infer Item } ? Item : never;

/** The events of a declared capability: the type of the value for each name. */
export type EventValues<Definition extends AnyDefinition> = ShapeOf<Definition>['events'];

/** The name of the status function, `never` where there is none. */
export type StatusName<Definition extends AnyDefinition> = ShapeOf<Definition>['status'] extends {
  name: infer Name;
}
  ? Name
  : never;

/** What the status function gives, `never` where there is none. */
export type StatusOf<Definition extends AnyDefinition> = ShapeOf<Definition>['status'] extends {
  value: infer Value;
}
  ? Value
  : never;
