import type { CapabilityShape } from '@intersect-sdk/contract/plain';
import type {
  DataSource,
  ItemStream,
  RequestOptions,
  Response,
  StreamedResponse,
} from '@intersect-sdk/core/internal';
import type { EventMessage } from '../events/event-listening.js';
import type { EventsOptions } from '../events/events-options.js';
import type { CheckOptions } from './check-mode.js';
import type { StatusOptions } from './status-options.js';

/** How to call an operation of a capability. `idempotent` is as the contract declares it, unless it is given here. */
export interface CallOptions extends RequestOptions, CheckOptions {}

/** How to listen to an event of a capability. */
export interface CapabilityEventsOptions extends EventsOptions, CheckOptions {}

/** An answer with all that is known of it. */
export interface Answer<Value> extends Response {
  readonly payload: Value;
}

/** An event with all that is known of it. */
export interface CapabilityEvent<Value> extends EventMessage {
  readonly payload: Value;
}

/**
 * Events as an async iterable. Listening begins at once, so nothing after `await events.ready` is missed. Leaving the loop, `stop()`,
 * `await using` and the signal all end it.
 */
export interface CapabilityEvents<Value>
  extends AsyncIterableIterator<CapabilityEvent<Value>>,
    AsyncDisposable {
  /** Resolves when the brokers confirmed the subscription. Rejects when they refused it. */
  readonly ready: Promise<void>;
  /** Stops listening and ends the loop; what came in before can still be read. Idempotent. */
  stop(): Promise<void>;
  return(): Promise<IteratorResult<CapabilityEvent<Value>>>;
}

/** A status that a service told by itself. */
export interface ToldStatus<Value> {
  readonly status: Value;
  /** How long ago it came in, in ms. */
  readonly ageMs: number;
}

/**
 * Operations that are no methods of a door, since something else has that name: `await` looks for `then`, `JSON.stringify` for `toJSON`,
 * and the others every object has. `$call` takes them.
 */
type NotAMethod =
  | `$${string}`
  | 'then'
  | 'toJSON'
  | keyof typeof Object.prototype
  | `__${'define' | 'lookup'}${'G' | 'S'}etter__`
  | '__proto__';

/** Bytes may also be given as a stream, a Blob or an async iterable. */
type Argued<Argument> = [Argument] extends [Uint8Array] ? Argument | DataSource : Argument;

/** Items come one by one. */
type Called<Operation, Value> = Operation extends { item: infer Item } ? ItemStream<Item> : Promise<Value>;

type Call<Operation> = Operation extends { argument: infer Argument; answer: infer Value }
  ? [Argument] extends [undefined]
    ? (options?: CallOptions) => Called<Operation, Value>
    : (argument: Argued<Argument>, options?: CallOptions) => Called<Operation, Value>
  : never;

type DetailedCall<Operation> = Operation extends { argument: infer Argument; answer: infer Value }
  ? [Argument] extends [undefined]
    ? (options?: CallOptions) => Promise<Answer<Value>>
    : (argument: Argued<Argument>, options?: CallOptions) => Promise<Answer<Value>>
  : never;

type BytesCall<Operation> = Operation extends { argument: infer Argument }
  ? [Argument] extends [undefined]
    ? (options?: CallOptions) => Promise<StreamedResponse>
    : (argument: Argued<Argument>, options?: CallOptions) => Promise<StreamedResponse>
  : never;

/** The operations whose answers are bytes. */
type BinaryAnswers<Operations> = {
  [Name in keyof Operations]: Operations[Name] extends { answer: Uint8Array } ? Name : never;
}[keyof Operations];

/** What stands after the name: an operation that takes nothing can do without its place. */
type Given<Operation> = Operation extends { argument: infer Argument }
  ? [Argument] extends [undefined]
    ? [argument?: undefined, options?: CallOptions]
    : [argument: Argued<Argument>, options?: CallOptions]
  : never;

type ValueOf<Operation> = Operation extends { answer: infer Value } ? Value : never;

type StatusCall<Status> = Status extends { name: infer Name; value: infer Value }
  ? Name extends string
    ? (options?: CallOptions) => Promise<Value>
    : (options?: StatusOptions) => Promise<ToldStatus<Value>>
  : (options?: StatusOptions) => Promise<ToldStatus<unknown>>;

/**
 * The operations of a capability, each a method under its own name. One whose answer is a `Stream` gives its items one by one:
 * `for await (const point of lab.scan(area))`.
 */
export type DoorOperations<Operations> = {
  readonly [Name in Exclude<keyof Operations, NotAMethod>]: Call<Operations[Name]>;
};

/** Like the operations; each resolves with the answer and its ids, headers and times. */
export type DoorDetails<Operations> = {
  readonly [Name in Exclude<keyof Operations, NotAMethod>]: DetailedCall<Operations[Name]>;
} & {
  /** Calls an operation of any name. */
  $call<Name extends keyof Operations & string>(
    name: Name,
    ...given: Given<Operations[Name]>
  ): Promise<Answer<ValueOf<Operations[Name]>>>;
};

/** The operations whose answers are bytes; each resolves with its data still to be read. */
export type DoorBytes<Operations> = {
  readonly [Name in Exclude<BinaryAnswers<Operations>, NotAMethod>]: BytesCall<Operations[Name]>;
};

/** What a door can do besides calling operations by their own names. No interface: hovering would show all of its shape. */
export type DoorFeatures<Shape extends CapabilityShape> = {
  /** Listens to an event: `for await (const { payload } of lab.$events('target_changed'))`. */
  $events<Name extends keyof Shape['events'] & string>(
    name: Name,
    options?: CapabilityEventsOptions,
  ): CapabilityEvents<Shape['events'][Name]>;
  /**
   * Asks for the status. Where the contract doesn't say by which operation, it gives the status that the service told last by itself and
   * how old that is; the first time, it waits for the next such message, which every service sends in intervals of some minutes.
   */
  readonly $status: StatusCall<Shape['status']>;
  /** The operations again; each resolves with the answer and its ids, headers and times. */
  readonly $details: DoorDetails<Shape['operations']>;
  /**
   * The operations whose answers are bytes once more; each resolves with a stream of the data, as soon as they can be read:
   * `for await (const piece of (await camera.$bytes.picture()).body)`. Where they lie in a data store, they are never in memory as a whole.
   */
  readonly $bytes: DoorBytes<Shape['operations']>;
  /** Calls an operation of any name, also one that can be no method, e.g. `then` or one that begins with `$`. */
  $call<Name extends keyof Shape['operations'] & string>(
    name: Name,
    ...given: Given<Shape['operations'][Name]>
  ): Promise<ValueOf<Shape['operations'][Name]>>;
};

/**
 * A capability of one service, as it is called: its operations are methods by their own names, everything else begins with `$`. Each call
 * checks its argument by the contract and throws ValidationError before anything is sent, then what `request` throws.
 */
export type CapabilityDoor<Shape extends CapabilityShape> = DoorOperations<Shape['operations']> &
  DoorFeatures<Shape>;
