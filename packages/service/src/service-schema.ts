import { checkHierarchy, type Hierarchy, type Issue, throwIfAny } from '@intersect-sdk/core';
import type { AnyCapability, AnyDefinition } from './capability.js';
import { compileCapabilities } from './compile-capabilities.js';
import { CoreCapability } from './core-capability.js';
import type { CapabilityDeclaration } from './declaration.js';

/** A service's schema document (protocol section 7). */
export type ServiceSchema = Readonly<Record<string, unknown>>;

/**
 * The schema document of a service with these capabilities, as it goes out with its lifecycle
 * messages. Needs no broker and no implementation. Throws ConfigError with every problem.
 */
export function intersectSchema(
  capabilities: readonly (AnyDefinition | AnyCapability)[],
  hierarchy: Hierarchy,
): ServiceSchema {
  const issues: Issue[] = [];
  const { declarations } = compileCapabilities(capabilities, { needCode: false, issues });
  const checked = checkHierarchy(hierarchy, issues, 'hierarchy');
  throwIfAny('The schema cannot be made', issues);
  return schemaOf(declarations, checked ?? hierarchy);
}

/** For declarations that were checked. The capability that every service has comes first. */
export function schemaOf(
  declarations: readonly CapabilityDeclaration[],
  _hierarchy: Hierarchy,
): ServiceSchema {
  const all = [CoreCapability.declaration, ...declarations];
  return { capabilities: Object.fromEntries(all.map(({ name }) => [name, {}])) };
}
