export type { Check, CheckResult } from '@intersect-sdk/contract/internal';
export type { CompileOptions } from './check/compile-check.js';
export { compileCheck } from './check/compile-check.js';
export type {
  CapabilityDescription,
  CapabilityInput,
  EventDescription,
  EventInput,
  JsonSchema,
  OperationDescription,
  OperationInput,
  PayloadDescription,
  PayloadInput,
  RequestInput,
  ServiceDescription,
  ServiceInput,
  ServiceSchema,
} from './document.js';
export { buildServiceSchema, CORE_STATUS_SCHEMA, readServiceSchema } from './document.js';
