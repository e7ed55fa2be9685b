import type { Static, TSchema } from 'typebox';
import type { TBinary } from './binary.js';

/** Where a payload travels: in the message itself, or in a data store with a pointer in the message. */
export type DataHandler = 'MESSAGE' | 'MINIO';

/** One operation: what it takes, what it answers, and how it is run. */
export interface OperationDeclaration {
  /** Shown in the service's schema. */
  readonly description?: string;
  /**
   * Schema of the one argument, `Binary(...)` for bytes. Its `title` is the argument's name in the
   * service's schema. With a `default`, a request without a body gets the default. Absent: the
   * operation takes nothing, and whatever a request carries is ignored.
   */
  readonly request?: TSchema;
  /** Schema of the answer, `Binary(...)` for bytes. Absent: the answer is JSON `null`. */
  readonly response?: TSchema;
  /** `MINIO` puts each answer into the service's data store. Default `MESSAGE`. */
  readonly responseDataHandler?: DataHandler;
  /** The operation is refused while any of these is forbidden (`forbidKeys`). */
  readonly ignoreKeys?: readonly string[];
  /**
   * `lenient` fills in defaults and turns `"5"` into `5` where a number is asked for, as the
   * reference does; `strict` takes only what fits as it is. Default `lenient`.
   */
  readonly validation?: 'lenient' | 'strict';
  /** How many requests of this operation may run at once; the others wait. Default: as many as the service's. */
  readonly concurrency?: number;
  /** After this many ms the request is answered with an error and its signal aborts. Default: no limit. */
  readonly timeLimitMs?: number;
}

/** One event that a capability can emit. */
export interface EventDeclaration {
  /** Schema of the event's value, `Binary(...)` for bytes. */
  readonly schema: TSchema;
  /** Shown in the service's schema. */
  readonly description?: string;
  /** `MINIO` puts each value into the service's data store. Default `MESSAGE`. */
  readonly dataHandler?: DataHandler;
}

/** What a capability reports of itself: with the lifecycle messages, and when it is asked. */
export interface StatusDeclaration {
  /** Always JSON. */
  readonly schema: TSchema;
  /** The operation under which it can be asked for, and the implementation's function. Default `status`. */
  readonly name?: string;
}

/** A capability as it is declared: everything about it except its code. */
export interface CapabilityDeclaration {
  /** Letters, digits and `_`, at most 255; the first part of each operation's name. */
  readonly name: string;
  /** Shown in the service's schema. */
  readonly description?: string;
  readonly operations?: Readonly<Record<string, OperationDeclaration>>;
  readonly events?: Readonly<Record<string, EventDeclaration>>;
  readonly status?: StatusDeclaration;
}

/** The type of the values that a schema describes. `undefined` stands for 'no schema'. */
export type ValueOf<Schema> = Schema extends TBinary
  ? Uint8Array
  : Schema extends TSchema
    ? Static<Schema>
    : undefined;

type OperationsOf<D> = D extends { readonly operations: infer Operations } ? Operations : unknown;

/** The names of the operations of a declaration, its status function not among them. */
export type OperationName<D> = keyof OperationsOf<D> & string;

/** What the handler of an operation is given; `undefined` where the operation takes nothing. */
export type ArgumentOf<D, Name extends OperationName<D>> = OperationsOf<D>[Name] extends {
  readonly request: infer Schema;
}
  ? ValueOf<Schema>
  : undefined;

/** What the handler of an operation has to give; `void` where the answer is `null`. */
export type AnswerOf<D, Name extends OperationName<D>> = OperationsOf<D>[Name] extends {
  readonly response: infer Schema;
}
  ? ValueOf<Schema>
  : void;

/** The events of a declaration: a value type for each name. */
export type EventValues<D> = D extends { readonly events: infer Events }
  ? {
      [Name in keyof Events]: Events[Name] extends { readonly schema: infer Schema }
        ? ValueOf<Schema>
        : never;
    }
  : Record<never, never>;

/** The name of the status function of a declaration, `never` where it has none. */
export type StatusName<D> = D extends { readonly status: infer Status }
  ? Status extends { readonly name: infer Name extends string }
    ? Name
    : 'status'
  : never;

/** What the status function has to give. */
export type StatusOf<D> = D extends { readonly status: { readonly schema: infer Schema } }
  ? ValueOf<Schema>
  : never;
