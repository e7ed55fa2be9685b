export type { Check, CheckResult, JsonSchema } from '@intersect-sdk/contract/internal';
export type { CompileOptions } from './check/compile-check.js';
export { compileCheck } from './check/compile-check.js';

export { buildServiceSchema } from './document/build-service-schema.js';
export { CORE_STATUS_SCHEMA } from './document/core-capability.js';
export type {
  CapabilityDescription,
  EventDescription,
  OperationDescription,
  PayloadDescription,
  ServiceDescription,
} from './document/descriptions.js';
export { readServiceSchema } from './document/read-service-schema.js';
export type {
  CapabilityInput,
  EventInput,
  OperationInput,
  PayloadInput,
  RequestInput,
  ServiceInput,
  ServiceSchema,
} from './document/service-input.js';
