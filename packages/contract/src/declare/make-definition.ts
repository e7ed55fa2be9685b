import { implementCapability } from './capability.js';
import { createContract } from './contract.js';
import type { CapabilityDeclaration } from './declaration.js';
import type { CapabilityDefinition } from './definition.js';
import type { CapabilityShape } from './shape.js';

/** A definition of a declaration, whose types the caller knows. */
export function makeDefinition<Shape extends CapabilityShape>(
  declaration: CapabilityDeclaration,
): CapabilityDefinition<Shape> {
  return {
    declaration,
    contract: createContract(declaration),
    implement: (implementation) => implementCapability(declaration, implementation),
  };
}
