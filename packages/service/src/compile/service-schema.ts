import type { AnyCapability, AnyDefinition, CapabilityDeclaration } from '@intersect-sdk/contract/plain';
import { ConfigError, type Hierarchy, type Issue } from '@intersect-sdk/core';
import { throwConfigError, type Wire, wireOf, withWire } from '@intersect-sdk/core/internal';
import { buildServiceSchema, type CapabilityInput, type ServiceSchema } from '@intersect-sdk/schema';
import { compileCapabilities } from './compile-capabilities.js';
import { sharedDefinitions } from './shared-definitions.js';

/**
 * The schema document of a service with these capabilities, as it goes out with its lifecycle
 * messages (protocol section 7). Needs no broker and no implementation. Throws ConfigError with every
 * problem.
 */
export function intersectSchema(
  capabilities: readonly (AnyDefinition | AnyCapability)[],
  hierarchy: Hierarchy,
): ServiceSchema {
  const issues: Issue[] = [];
  const { declarations } = compileCapabilities(capabilities, { needCode: false, issues });
  const schema = schemaOf(declarations, { wire: wireOf(hierarchy), hierarchy }, issues);
  throwConfigError('The schema cannot be made', issues);
  return schema as ServiceSchema;
}

/** Undefined if it can't be made; then the problems are among `issues`, each once. */
export function schemaOf(
  declarations: readonly CapabilityDeclaration[],
  { wire, hierarchy }: { readonly wire: Wire; readonly hierarchy: Hierarchy },
  issues: Issue[],
): ServiceSchema | undefined {
  try {
    const definitions = sharedDefinitions(declarations, issues);
    return buildServiceSchema(
      withWire({ hierarchy, capabilities: declarations.map(inputOf), definitions }, wire),
    );
  } catch (error) {
    // What is not even a declaration was refused before, and can't be described.
    if (!(error instanceof ConfigError)) {
      if (issues.length === 0) throw error;
      return undefined;
    }
    const found = error.issues.map(({ path, message }) => ({ path: namedPath(path, declarations), message }));
    const known = issues.map(({ path }) => path);
    issues.push(
      ...found.filter(
        ({ path }) => !known.some((before) => isWithin(path, before) || isWithin(before, path)),
      ),
    );
    return undefined;
  }
}

function inputOf({
  name,
  description,
  operations = {},
  events = {},
  status,
}: CapabilityDeclaration): CapabilityInput {
  return {
    name,
    description,
    operations: Object.entries(operations).map(([operation, { description, request, response }]) => ({
      name: operation,
      description,
      request: request && { schema: request },
      response: response && { schema: response },
    })),
    events: Object.entries(events).map(([event, { description, schema }]) => ({
      name: event,
      description,
      schema,
    })),
    status: status?.schema,
  };
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && /[.[]/.test(path.charAt(outer.length)));
}

/** `capabilities[0].operations[1].request` -> `capabilities[0].operations.measure.request`. */
function namedPath(path: string, declarations: readonly CapabilityDeclaration[]): string {
  const [whole, at, kind, index] = /^capabilities\[(\d+)\]\.(operations|events)\[(\d+)\]/.exec(path) ?? [];
  if (whole === undefined) return path;
  const name = Object.keys(declarations[Number(at)]?.[kind as 'operations' | 'events'] ?? {})[Number(index)];
  return `capabilities[${at}].${kind}.${name}${path.slice(whole.length)}`;
}
