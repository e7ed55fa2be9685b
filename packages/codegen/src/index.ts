export type { AsyncApi3Document } from './asyncapi/to-asyncapi3.js';
export { toAsyncApi3 } from './asyncapi/to-asyncapi3.js';
export type { ContractState } from './contract/check-contract.js';
export { checkContract } from './contract/check-contract.js';
export { generateContract } from './contract/generate-contract.js';
export type { GenerateOptions } from './contract/options.js';
export type { ChangeKind, SchemaChange } from './diff/changes.js';
export { diffSchemas } from './diff/diff-schemas.js';
