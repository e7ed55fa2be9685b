import {
  isNode,
  type JsonSchema,
  parseRef,
  prepareSchema,
  SchemaCollector,
} from '@intersect-sdk/contract/internal';
import { ConfigError, type Issue } from '@intersect-sdk/core';
import { joinPaths, RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import {
  type CapabilityDescription,
  type EventDescription,
  type OperationDescription,
  readServiceSchema,
} from '@intersect-sdk/schema/document';

/** A payload of a document, in the form in which types are made of it. */
export interface Payload {
  readonly schema: JsonSchema;
  readonly isBinary: boolean;
  readonly contentType: string;
  /** Whether the schema stands in the document as an object, and not as `true` or `false`. */
  readonly isNode: boolean;
}

export interface Operation extends Omit<OperationDescription, 'request' | 'response'> {
  readonly request: Payload | undefined;
  readonly response: Payload;
}

export interface Event extends Omit<EventDescription, 'schema' | 'contentType'> {
  readonly payload: Payload;
}

export interface DocumentCapability extends Omit<CapabilityDescription, 'operations' | 'events' | 'status'> {
  readonly operations: readonly Operation[];
  readonly events: readonly Event[];
  readonly status: Payload | undefined;
}

export interface ReadDocument {
  readonly address: string;
  readonly protocolVersion: string;
  /** Without the one that every service has. */
  readonly capabilities: readonly DocumentCapability[];
  /** The types that these capabilities use. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** Those of them that the document says nothing of; they take everything. */
  readonly sayNothing: readonly string[];
}

/**
 * Reads a document whose schemas are to be used. Throws MessageError PAYLOAD_INVALID for what is no schema document, ConfigError
 * for schemas that no check can be made of; each with every problem.
 */
export function readDocument(document: unknown): ReadDocument {
  const { address, protocolVersion, capabilities, definitions: given } = readServiceSchema(document);
  const nameless = sayingNothing(given);
  const definitions = { ...given, ...Object.fromEntries(nameless.map((name) => [name, {}])) };
  const collector = new SchemaCollector({ given: definitions });
  const issues: Issue[] = [];
  const read = (schema: JsonSchema, contentType: string, path: string): Payload => {
    issues.push(...problemsOf(schema, definitions, path));
    const isBinary =
      isNode(schema) && schema.format === 'binary' && typeof schema.contentMediaType === 'string';
    return { schema: collector.add(schema, path), isBinary, contentType, isNode: isNode(schema) };
  };
  const own = capabilities.filter(({ name }) => name !== RESERVED_CAPABILITY);
  const described = own.map(({ operations, events, status, ...capability }) => ({
    ...capability,
    operations: operations.map(({ request, response, ...operation }) => ({
      ...operation,
      request:
        request && read(request.schema, request.contentType, `${capability.name}.${operation.name}.request`),
      response: read(response.schema, response.contentType, `${capability.name}.${operation.name}.response`),
    })),
    events: events.map(({ schema, contentType, ...event }) => ({
      ...event,
      payload: read(schema, contentType, `${capability.name}.${event.name}`),
    })),
    status: status === undefined ? undefined : read(status, 'application/json', `${capability.name}.status`),
  }));
  collector.finish();
  issues.push(...collector.issues.filter(({ path }) => !issues.some((known) => known.path === path)));
  if (issues.length > 0) throw new ConfigError(`The schema document of ${address} cannot be used`, issues);
  const sayNothing = nameless.filter((name) => collector.definitions.has(name));
  return { address, protocolVersion, capabilities: described, schemas: collector.definitions, sayNothing };
}

/**
 * The types of which a document says only that they are themselves, as the reference does of a recursive alias that is a whole
 * payload. A check of such a type would never end, so they are read as `{}`.
 */
function sayingNothing(definitions: Readonly<Record<string, JsonSchema>>): string[] {
  const next = (name: string): string | undefined => {
    const schema = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    const target = isNode(schema) && typeof schema.$ref === 'string' ? parseRef(schema.$ref) : undefined;
    return target?.kind === 'named' && target.inside.length === 0 ? target.name : undefined;
  };
  return Object.keys(definitions).filter((name) => {
    const passed = new Set<string>();
    let at = next(name);
    while (at !== undefined && at !== name && !passed.has(at)) {
      passed.add(at);
      at = next(at);
    }
    return at === name;
  });
}

function problemsOf(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  path: string,
): Issue[] {
  try {
    prepareSchema(schema, { definitions });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.issues.map((issue) => ({ path: joinPaths(path, issue.path), message: issue.message }));
  }
}
