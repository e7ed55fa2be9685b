export type { Static, TSchema } from 'typebox';
export { Type } from 'typebox';
export type { BinaryOptions, TBinary } from './binary.js';
export { Binary } from './binary.js';
export type { CallAnswer, CallOptions, CallParams } from './call.js';
export type { Capability, CapabilityDefinition, Implementation } from './capability.js';
export { defineCapability } from './capability.js';
export type { Emit, OperationContext } from './context.js';
export type {
  AnswerOf,
  ArgumentOf,
  CapabilityDeclaration,
  DataHandler,
  EventDeclaration,
  EventValues,
  OperationDeclaration,
  OperationName,
  StatusDeclaration,
  StatusName,
  StatusOf,
  ValueOf,
} from './declaration.js';
