export type { BinaryOptions, Static, TBinary, TSchema, ValueOf } from '@intersect-sdk/contract';
export { Binary, defineCapability, streamed, Type } from '@intersect-sdk/contract';
export type {
  AnswerOf,
  AnyCapability,
  AnyDefinition,
  ArgumentOf,
  Capability,
  CapabilityDeclaration,
  CapabilityDefinition,
  CapabilityShape,
  Emit,
  EmitOptions,
  EventDeclaration,
  EventValues,
  Handlers,
  Implementation,
  OperationContext,
  OperationDeclaration,
  OperationName,
  RequestContext,
  ShapeOf,
  StatusDeclaration,
  StatusName,
  StatusOf,
  StreamedHandler,
} from '@intersect-sdk/contract/plain';
export type {
  DataHandler,
  DataStore,
  DataToPut,
  ErrorCode,
  Issue,
  JsonValue,
  Logger,
  LogLevel,
  SeenRequest,
  SeenStore,
  StoredData,
} from '@intersect-sdk/core';
export {
  CapabilityError,
  ConfigError,
  consoleLogger,
  DataError,
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
export type { DataSource, DataStores } from '@intersect-sdk/core/internal';
export type {
  Answer,
  CallOptions,
  CapabilityDoor,
  CapabilityEvent,
  CapabilityEvents,
  CapabilityEventsOptions,
  CheckMode,
  CheckOptions,
  DirectMessageParams,
  EventHandler,
  EventMessage,
  EventParams,
  IntersectServiceConfig,
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
  ShutdownOptions,
  StartupOptions,
  StatusOptions,
  StreamedResponse,
  ToldStatus,
} from '@intersect-sdk/messaging';
export { defaultIntersectLifecycleLoop } from '@intersect-sdk/messaging';
export type { ServiceSchema } from '@intersect-sdk/schema';
export { intersectSchema } from './compile/service-schema.js';
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
