export { buildServiceSchema } from './build-service-schema.js';
export type { Check, CheckResult, CompileOptions } from './compile-check.js';
export { compileCheck } from './compile-check.js';
export { CORE_STATUS_SCHEMA } from './core-capability.js';
export type {
  CapabilityDescription,
  EventDescription,
  OperationDescription,
  PayloadDescription,
  ServiceDescription,
} from './descriptions.js';
export type { JsonSchema } from './json-schema.js';
export { readServiceSchema } from './read-service-schema.js';
export type {
  CapabilityInput,
  EventInput,
  OperationInput,
  PayloadInput,
  RequestInput,
  ServiceInput,
  ServiceSchema,
} from './service-input.js';
