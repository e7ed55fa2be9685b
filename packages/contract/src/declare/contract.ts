import type { Issue } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { type Check, makeCheck } from '../check/check.js';
import { prepareSchema } from '../check/schema/prepare-schema.js';
import { binaryCheck, isBinary } from './binary.js';
import type { CapabilityDeclaration } from './declaration.js';
import { isStreamSchema } from './stream.js';

/** What travels as an argument, an answer, an event or a status. */
export interface PayloadContract {
  readonly contentType: string;
  /** Whether it is a `Uint8Array` that goes out untouched, and not JSON. */
  readonly isBinary: boolean;
  /** Whether it may be left out. */
  readonly hasDefault: boolean;
  /** Compiled when it is first used; throws ConfigError then, and each time, if its schema can't be used. */
  readonly check: Check;
  /** The patterns that `check` leaves out, since they can't be checked, and why. Throws as `check` does. */
  unchecked(): readonly Issue[];
}

/** What a caller has to know of an operation. */
export interface OperationContract {
  /** Undefined: it takes nothing. */
  readonly argument: PayloadContract | undefined;
  /** Undefined: the answer is `null`. */
  readonly answer: PayloadContract | undefined;
  /** One item of the answer, where it is a stream. */
  readonly item: PayloadContract | undefined;
  readonly isIdempotent: boolean;
}

/**
 * What a declared capability says of each of its payloads while a program runs. A definition carries it, so that
 * whoever is given a definition can check payloads without loading anything.
 */
export interface Contract {
  readonly declaration: CapabilityDeclaration;
  /** Undefined for a name that is not declared. The status function is an operation too. */
  operation(name: string): OperationContract | undefined;
  /** Undefined for a name that is not declared. */
  event(name: string): PayloadContract | undefined;
  /** Undefined where no status is declared. */
  status(): PayloadContract | undefined;
  /** The operation that gives the status; `null` where none is declared or its name is not known. */
  statusName(): string | null;
}

/** The contract of a declaration, which may be faulty: each part is read only when it is asked for. */
export function createContract(declaration: CapabilityDeclaration): Contract {
  const operations = new Map<string, OperationContract>();
  const payloads = new Map<object, PayloadContract>();
  const payloadOf = (schema: object | undefined): PayloadContract | undefined =>
    schema && remembered(payloads, schema, () => createPayloadContract(schema, declaration.definitions));
  const status = (): PayloadContract | undefined => payloadOf(declaration.status?.schema);
  const statusName = (): string | null => {
    const { name = 'status' } = declaration.status ?? { name: null };
    return name;
  };
  return {
    declaration,
    operation(name) {
      const declared = own(declaration.operations, name);
      if (!declared && name !== statusName()) return undefined;
      return remembered(operations, name, () => ({
        argument: payloadOf(declared?.request),
        answer: declared ? payloadOf(declared.response) : status(),
        item: isStreamSchema(declared?.response) ? payloadOf(declared.response.items) : undefined,
        isIdempotent: declared ? declared.idempotent === true : true,
      }));
    },
    event: (name) => payloadOf(own(declaration.events, name)?.schema),
    status,
    statusName,
  };
}

interface UsableSchema {
  readonly check: Check;
  readonly unchecked: readonly Issue[];
}

function createPayloadContract(
  schema: object,
  definitions: CapabilityDeclaration['definitions'],
): PayloadContract {
  let usable: UsableSchema | undefined;
  const use = (): UsableSchema => {
    usable ??= isBinary(schema)
      ? { check: binaryCheck(schema), unchecked: [] }
      : compile(schema, definitions);
    return usable;
  };
  return {
    contentType: isBinary(schema) ? schema.contentMediaType : DEFAULT_CONTENT_TYPE,
    isBinary: isBinary(schema),
    hasDefault: Object.hasOwn(schema, 'default'),
    check: (value) => use().check(value),
    unchecked: () => use().unchecked,
  };
}

function compile(schema: object, definitions: CapabilityDeclaration['definitions']): UsableSchema {
  const prepared = prepareSchema(schema, { definitions });
  return { check: makeCheck(prepared), unchecked: prepared.unchecked };
}

function own<Value>(values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
