import type { DataHandler } from '@intersect-sdk/core';
import {
  count,
  custom,
  type FieldReader,
  flag,
  list,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  oneOf,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';

/** The row of a schema: `object`, TypeBox's or plain JSON Schema, so that those who only need these types load nothing of TypeBox's. */
function schema(): OptionRow<object, unknown> {
  return asGiven<object>();
}

/** A row whose value is checked where it is used, which needs more than the value alone. */
function asGiven<In>(): OptionRow<In, unknown> {
  return custom<In, unknown>({ read: ({ value }) => value });
}

function description(): OptionRow<string, string | undefined> {
  return text({ minLength: 0 });
}

function dataHandler() {
  return oneOf<DataHandler>(['MESSAGE', 'MINIO'], { default: 'MESSAGE' });
}

const OPERATION_OPTIONS = {
  /**
   * Shown in the service's schema.
   * @default none
   */
  description: description(),
  /**
   * Schema of the one argument, `Binary(...)` for bytes. Its `title` is the argument's name in the service's schema. With a `default`, a
   * request without a body gets the default. Without a schema the operation takes nothing, and whatever a request carries is ignored.
   * @default it takes nothing
   */
  request: schema(),
  /**
   * Schema of the answer, `Binary(...)` for bytes, `Stream(...)` for items that are given one by one.
   * @default the answer is JSON `null`
   */
  response: schema(),
  /**
   * `MINIO` puts each answer into the service's data store. Where it is left out, bytes that are given as a stream, a Blob or an async iterable
   * go there too, if the service has a store.
   * @default 'MESSAGE'
   */
  responseDataHandler: dataHandler(),
  /**
   * The operation is refused while any of these keys is forbidden (`forbidKeys`).
   * @default []
   */
  ignoreKeys: list(text(), { default: [] }),
  /**
   * `lenient` turns `"5"` into `5` where a number is asked for, as the reference does unless it is told otherwise; `strict` takes only
   * what has the right type. Both fill in defaults.
   * @default 'lenient'
   */
  validation: oneOf(['lenient', 'strict'], { default: 'lenient' }),
  /**
   * Whether running it twice comes to the same as running it once. Who calls it may then repeat a request whose answer was lost. It stands
   * in no schema: it is for those who share the declaration.
   * @default false
   */
  idempotent: flag({ default: false }),
  /**
   * How many requests of this operation may run at once; the others wait. More than the capability's `concurrency` says that the
   * operation may overlap with all others, and waits for none of them.
   * @default no limit besides the capability's
   */
  concurrency: count(),
  /**
   * After this time the request is answered with an error and its signal aborts, in ms.
   * @default no limit
   */
  timeLimitMs: ms(),
} satisfies OptionTable;

/** One operation: what it takes, what it answers, and how it is run. */
export interface OperationDeclaration extends Named, OptionsOf<typeof OPERATION_OPTIONS> {}

export function readOperationDeclaration(fields: FieldReader) {
  return readTable(fields, OPERATION_OPTIONS);
}

const EVENT_OPTIONS = {
  /** Schema of the event's value, `Binary(...)` for bytes. */
  schema: required(schema()),
  /**
   * Shown in the service's schema.
   * @default none
   */
  description: description(),
  /**
   * `MINIO` puts each value into the service's data store.
   * @default 'MESSAGE'
   */
  dataHandler: dataHandler(),
} satisfies OptionTable;

/** One event that a capability can emit. */
export interface EventDeclaration extends Named, OptionsOf<typeof EVENT_OPTIONS> {}

export function readEventDeclaration(fields: FieldReader) {
  return readTable(fields, EVENT_OPTIONS);
}

const CAPABILITY_STATUS_OPTIONS = {
  /** Schema of the status, always JSON. */
  schema: required(schema()),
  /**
   * The operation under which it can be asked for, and the implementation's function. `null` where that is not known, as in a contract
   * made from the schema of a service, which does not tell it; nobody can implement that.
   * @default 'status'
   */
  name: custom<string | null, unknown>({ default: 'status', read: ({ value = 'status' }) => value }),
} satisfies OptionTable;

/** What a capability reports of itself: with the lifecycle messages, and when it is asked. */
export interface StatusDeclaration extends Named, OptionsOf<typeof CAPABILITY_STATUS_OPTIONS> {}

export function readStatusDeclaration(fields: FieldReader) {
  return readTable(fields, CAPABILITY_STATUS_OPTIONS);
}

const CAPABILITY_OPTIONS = {
  /** Letters, digits and `_`, at most 255; the first part of each operation's name. */
  name: required(text()),
  /**
   * Shown in the service's schema.
   * @default none
   */
  description: description(),
  /**
   * How many requests of all its operations together may run at once; the others wait, in the order in which they came. A handler that
   * waits for `call` lets another one in; the status function waits for nobody.
   * @default 1
   */
  // As in the reference, whose handlers run one after the other: an instrument must not do two things at once.
  concurrency: count({ default: 1 }),
  /**
   * Its operations, by name: letters, digits and `_`, no digit first.
   * @default none
   */
  operations: asGiven<Readonly<Record<string, OperationDeclaration>>>(),
  /**
   * Its events, by name.
   * @default none
   */
  events: asGiven<Readonly<Record<string, EventDeclaration>>>(),
  /**
   * What it reports of itself.
   * @default nothing
   */
  status: asGiven<StatusDeclaration>(),
  /**
   * Types that its schemas name: `Sample` is meant by a `$ref` to `#/components/schemas/Sample`, as in the schema document of a service. Those
   * that have an `$id`, or stand in `$defs`, need not be here.
   * @default none
   */
  definitions: asGiven<Readonly<Record<string, object | boolean>>>(),
} satisfies OptionTable;

/** A capability as it is declared: everything about it except its code. */
export interface CapabilityDeclaration extends Named, OptionsOf<typeof CAPABILITY_OPTIONS> {}

export function readCapabilityDeclaration(fields: FieldReader) {
  return readTable(fields, CAPABILITY_OPTIONS);
}
