export type {
  DataStore,
  DataToPut,
  ErrorCode,
  Issue,
  JsonValue,
  Logger,
  LogLevel,
  StoredData,
} from '@intersect-sdk/core';
export {
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
export type { DataStores } from '@intersect-sdk/core/internal';
export type {
  DirectMessageParams,
  EventMessage,
  EventParams,
  EventStream,
  IntersectClientCallback,
  IntersectClientConfig,
  LifecycleLoopOptions,
  Observation,
  ObservationKind,
  Observer,
  Overflow,
  Report,
  ReportKind,
  ReportListener,
  RequestOptions,
  Response,
  RetryOptions,
  StartupOptions,
} from '@intersect-sdk/messaging';
export { defaultIntersectLifecycleLoop } from '@intersect-sdk/messaging';
export type {
  CallbackResult,
  EventCallback,
  EventCallbackDetails,
  ResponseCallback,
  ResponseCallbackDetails,
} from './callbacks.js';
export { stop } from './callbacks.js';
export type { EventsOptions } from './events-options.js';
export { IntersectClient } from './intersect-client.js';
