// What a program needs that reads or writes schema documents and checks no values: nothing here loads the validator (Ajv).
export type { JsonSchema } from '@intersect-sdk/contract/internal';
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
