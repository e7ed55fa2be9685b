import type { JsonSchema } from '@intersect-sdk/contract/internal';
import type { Hierarchy } from '@intersect-sdk/core';

/** What a request, a response or an event carries. */
export interface PayloadDescription {
  /** For raw bytes `{ type: 'string', format: 'binary', contentMediaType: <content type> }`. */
  readonly schema: JsonSchema;
  /** `application/json`, or the content type of raw bytes. */
  readonly contentType: string;
}

export interface OperationDescription {
  /** Without the capability: a request asks for `<capability>.<name>`. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Undefined: the operation takes nothing. */
  readonly request?: PayloadDescription | undefined;
  readonly response: PayloadDescription;
}

export interface EventDescription extends PayloadDescription {
  readonly name: string;
  readonly description?: string | undefined;
}

export interface CapabilityDescription {
  readonly name: string;
  readonly description?: string | undefined;
  readonly operations: readonly OperationDescription[];
  readonly events: readonly EventDescription[];
  /** Undefined: the capability has no status. */
  readonly status?: JsonSchema | undefined;
}

/** What a service says of itself in its schema document. */
export interface ServiceDescription {
  readonly address: string;
  /** Undefined for an address that is not of five parts. */
  readonly hierarchy: Hierarchy | undefined;
  /** The version of the protocol that the service speaks. */
  readonly protocolVersion: string;
  /** `intersect_sdk`, which every service has, among them. */
  readonly capabilities: readonly CapabilityDescription[];
  /** The named types that the schemas refer to; give them to `compileCheck`. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** The content type of raw bytes, undefined for any other schema. */
export function binaryTypeOf(schema: unknown): string | undefined {
  const { format, contentMediaType } = (schema ?? {}) as Readonly<Record<string, unknown>>;
  return format === 'binary' && typeof contentMediaType === 'string' ? contentMediaType : undefined;
}
