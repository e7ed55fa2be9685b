export type {
  DataStore,
  DataStores,
  DataToPut,
  ErrorCode,
  Issue,
  JsonValue,
  Logger,
  LogLevel,
  StoredData,
} from '@intersect-sdk/core';
export {
  CapabilityError,
  ConfigError,
  consoleLogger,
  IllegalStateError,
  IntersectError,
  isIntersectError,
  MessageError,
  PublishError,
  RequestError,
  SubscribeError,
  TransportError,
  ValidationError,
} from '@intersect-sdk/core';
export type {
  DirectMessageParams,
  EventHandler,
  EventMessage,
  EventParams,
  LifecycleLoopOptions,
  Observation,
  ObservationKind,
  Observer,
  Report,
  ReportKind,
  ReportListener,
  RequestOptions,
  Response,
  RetryOptions,
  StartupOptions,
} from '@intersect-sdk/messaging';
export { defaultIntersectLifecycleLoop } from '@intersect-sdk/messaging';
export type { ServiceSchema } from '@intersect-sdk/schema';
export type { Static, TSchema } from 'typebox';
export { Type } from 'typebox';
export type { BinaryOptions, TBinary } from './capability/binary.js';
export { Binary } from './capability/binary.js';
export type {
  AnyCapability,
  AnyDefinition,
  Capability,
  CapabilityDefinition,
  Implementation,
} from './capability/capability.js';
export { defineCapability } from './capability/capability.js';
export type { Emit, EmitOptions, OperationContext, RequestContext } from './capability/context.js';
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
} from './capability/declaration.js';
export { intersectSchema } from './compile/service-schema.js';
export type { IntersectServiceConfig } from './config.js';
export type {
  ExternalRequest,
  ExternalResponse,
  ExternalResponseHandler,
} from './others/external-requests.js';
export type { RequestCounts } from './serve/request-processor.js';
export type { DropReason, RefusalReason } from './serve/request-reasons.js';
export { IntersectService } from './service.js';
export type { CoreStatus } from './status/core-status.js';
export type { ServiceHealth } from './status/health.js';
