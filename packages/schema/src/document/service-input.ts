import type { JsonSchema, SchemaNode } from '@intersect-sdk/contract/internal';
import type { Hierarchy } from '@intersect-sdk/core';

/** A payload to be described. */
export interface PayloadInput {
  /** For raw bytes `{ type: 'string', format: 'binary', contentMediaType: <content type> }`. */
  readonly schema: JsonSchema;
  /** Default: what the schema says, or `application/json`. */
  readonly contentType?: string | undefined;
}

export interface RequestInput extends PayloadInput {
  /** The name of the one parameter, for a schema without a title. Default: the name of the operation. */
  readonly parameter?: string | undefined;
}

export interface OperationInput {
  readonly name: string;
  readonly description?: string | undefined;
  /** Absent: the operation takes nothing. */
  readonly request?: RequestInput | undefined;
  /** Absent: the answer is JSON `null`. */
  readonly response?: PayloadInput | undefined;
}

export interface EventInput extends PayloadInput {
  readonly name: string;
  readonly description?: string | undefined;
}

/** A capability to be described. A `CapabilityDescription`, as read from a document, is one too. */
export interface CapabilityInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly operations?: readonly OperationInput[] | undefined;
  readonly events?: readonly EventInput[] | undefined;
  readonly status?: JsonSchema | undefined;
}

export interface ServiceInput {
  readonly hierarchy: Hierarchy;
  /** In the order in which they shall stand; `intersect_sdk` is put first if it is not among them. */
  readonly capabilities: readonly CapabilityInput[];
  /** Types that the schemas refer to by name; those with an `$id` need not be here. */
  readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
}

/** The schema document of a service (protocol section 7): plain JSON. */
export interface ServiceSchema {
  readonly asyncapi: string;
  readonly 'x-intersect-version': string;
  readonly info: { readonly title: string; readonly description: string; readonly version: string };
  readonly defaultContentType: string;
  readonly capabilities: Readonly<Record<string, SchemaNode>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly messageTraits: SchemaNode;
  };
}
