// Plumbing that the packages of this SDK share. It can change in any release: programs import `@intersect-sdk/contract` only.
export type { Check, CheckResult, CheckSteps } from './check/check.js';
export { makeCheck } from './check/check.js';
export type { Format } from './check/formats.js';
export { FORMATS } from './check/formats.js';
export { canonicalText, equalityKey } from './check/json-equality.js';
export type { Run, Test } from './check/run.js';
export { newRun, TooManySteps } from './check/run.js';
export type { JsonSchema, SchemaNode } from './check/schema/json-schema.js';
export {
  isNode,
  SCHEMA_KEYWORDS,
  SCHEMA_LIST_KEYWORDS,
  SCHEMA_MAP_KEYWORDS,
} from './check/schema/json-schema.js';
export type { PreparedSchema } from './check/schema/prepare-schema.js';
export { prepareSchema } from './check/schema/prepare-schema.js';
export { parseRef } from './check/schema/refs.js';
export { SchemaCollector } from './check/schema/schema-collector.js';
export { TestCompiler } from './check/test-compiler.js';
export { binaryCheck, isBinary } from './declare/binary.js';
export type { CapabilityInternals, Emission } from './declare/capability.js';
export { handledRejection, internalsOf } from './declare/capability.js';
export type { Contract } from './declare/contract.js';
export {
  readCapabilityDeclaration,
  readEventDeclaration,
  readOperationDeclaration,
  readStatusDeclaration,
} from './declare/declaration.js';
export type { GivenEmitOptions } from './declare/emit-options.js';
export { readEmitOptions } from './declare/emit-options.js';
export { isStreamSchema } from './declare/stream.js';
export { streamedHandlerOf } from './declare/streamed.js';
export type { TextPattern } from './pattern/patterns.js';
export { compilePattern } from './pattern/patterns.js';
