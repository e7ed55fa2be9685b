export { CapabilityError } from '@intersect-sdk/core';
export type {
  DirectMessageParams,
  EventHandler,
  EventMessage,
  EventParams,
  LifecycleLoopOptions,
  RequestOptions,
  Response,
} from '@intersect-sdk/messaging';
export { defaultIntersectLifecycleLoop } from '@intersect-sdk/messaging';
export type { ServiceSchema } from '@intersect-sdk/schema';
export type { Static, TSchema } from 'typebox';
export { Type } from 'typebox';
export type { BinaryOptions, TBinary } from './binary.js';
export { Binary } from './binary.js';
export type {
  AnyCapability,
  AnyDefinition,
  Capability,
  CapabilityDefinition,
  Implementation,
} from './capability.js';
export { defineCapability } from './capability.js';
export type { IntersectServiceConfig } from './config.js';
export type { Emit, OperationContext, RequestContext } from './context.js';
export type { CoreStatus } from './core-status.js';
export type { DataStore, StoredPayload } from './data-store.js';
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
export type { ExternalRequest, ExternalResponse, ExternalResponseHandler } from './external-requests.js';
export type { ServiceHealth } from './health.js';
export type {
  AnswerNotSent,
  CallFailed,
  DropReason,
  EventNotSent,
  LifecycleNotSent,
  RefusalReason,
  ReportListener,
  RequestDropped,
  RequestIdentity,
  RequestRefused,
  RequestRepeated,
  ServiceReport,
  StatusFailed,
} from './report.js';
export type { RequestCounts } from './request-processor.js';
export type { StartupOptions } from './service.js';
export { IntersectService } from './service.js';
export { intersectSchema } from './service-schema.js';
