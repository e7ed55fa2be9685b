// All of the contract without TypeBox and its types: what declarations of contracts name, and what generated contracts call.
import type { CapabilityDeclaration } from './declare/declaration.js';
import type { CapabilityDefinition } from './declare/definition.js';
import { makeDefinition } from './declare/make-definition.js';
import type { CapabilityShape } from './declare/shape.js';

export type { Check, CheckResult } from './check/check.js';
export type { AnyCapability, Capability } from './declare/capability.js';
export type { Emit, OperationContext, RequestContext } from './declare/context.js';
export type { Contract, OperationContract, PayloadContract } from './declare/contract.js';
export type {
  CapabilityDeclaration,
  EventDeclaration,
  OperationDeclaration,
  StatusDeclaration,
} from './declare/declaration.js';
export type {
  AnswerOf,
  AnyDefinition,
  ArgumentOf,
  CapabilityDefinition,
  EventValues,
  Handlers,
  Implementation,
  ItemOf,
  OperationName,
  ShapeOf,
  StatusName,
  StatusOf,
} from './declare/definition.js';
export type { EmitOptions } from './declare/emit-options.js';
export type { CapabilityShape, OperationShape, StatusShape } from './declare/shape.js';
export type { StreamedHandler } from './declare/streamed.js';

/**
 * Declares a capability whose types are given and not inferred, as a generated contract does: its schemas are plain JSON Schema, and
 * `Shape` says the types that they describe. Otherwise as `defineCapability` of `@intersect-sdk/contract`.
 */
export function defineCapability<Shape extends CapabilityShape>(
  declaration: CapabilityDeclaration,
): CapabilityDefinition<Shape> {
  return makeDefinition(declaration);
}
