import type { DataHandler } from '@intersect-sdk/core';

// Schemas are `object` here: TypeBox's, or plain JSON Schema. So that nothing of TypeBox's types is loaded by those who only need these.

/** One operation: what it takes, what it answers, and how it is run. */
export interface OperationDeclaration {
  /** Shown in the service's schema. */
  readonly description?: string;
  /**
   * Schema of the one argument, `Binary(...)` for bytes. Its `title` is the argument's name in the
   * service's schema. With a `default`, a request without a body gets the default. Absent: the
   * operation takes nothing, and whatever a request carries is ignored.
   */
  readonly request?: object;
  /** Schema of the answer, `Binary(...)` for bytes. Absent: the answer is JSON `null`. */
  readonly response?: object;
  /**
   * `MINIO` puts each answer into the service's data store.
   * @default 'MESSAGE'
   */
  readonly responseDataHandler?: DataHandler;
  /** The operation is refused while any of these is forbidden (`forbidKeys`). */
  readonly ignoreKeys?: readonly string[];
  /**
   * `lenient` turns `"5"` into `5` where a number is asked for, as the reference does unless it is told otherwise; `strict` takes only
   * what has the right type. Both fill in defaults.
   * @default 'lenient'
   */
  readonly validation?: 'lenient' | 'strict';
  /**
   * Whether running it twice comes to the same as running it once. Who calls it may then repeat a request whose answer was lost.
   * It stands in no schema: it is for those who share the declaration.
   * @default false
   */
  readonly idempotent?: boolean;
  /**
   * How many requests of this operation may run at once; the others wait. More than the capability's `concurrency` says that the
   * operation may overlap with all others, and waits for none of them. Default: no limit besides the capability's.
   */
  readonly concurrency?: number;
  /** After this many ms the request is answered with an error and its signal aborts. Default: no limit. */
  readonly timeLimitMs?: number;
}

/** One event that a capability can emit. */
export interface EventDeclaration {
  /** Schema of the event's value, `Binary(...)` for bytes. */
  readonly schema: object;
  /** Shown in the service's schema. */
  readonly description?: string;
  /**
   * `MINIO` puts each value into the service's data store.
   * @default 'MESSAGE'
   */
  readonly dataHandler?: DataHandler;
}

/** What a capability reports of itself: with the lifecycle messages, and when it is asked. */
export interface StatusDeclaration {
  /** Always JSON. */
  readonly schema: object;
  /**
   * The operation under which it can be asked for, and the implementation's function. `null` where that is not known, as in a contract
   * made from the schema of a service, which does not name it; a service cannot implement such a contract.
   * @default 'status'
   */
  readonly name?: string | null;
}

/** A capability as it is declared: everything about it except its code. */
export interface CapabilityDeclaration {
  /** Letters, digits and `_`, at most 255; the first part of each operation's name. */
  readonly name: string;
  /** Shown in the service's schema. */
  readonly description?: string;
  /**
   * How many requests of all its operations together may run at once; the others wait, in the order in which they came. A handler that
   * waits for `call` lets another one in. The status function never waits for its turn.
   * @default 1
   */
  readonly concurrency?: number;
  readonly operations?: Readonly<Record<string, OperationDeclaration>>;
  readonly events?: Readonly<Record<string, EventDeclaration>>;
  readonly status?: StatusDeclaration;
}
