export type {
  DirectMessageParams,
  EventMessage,
  EventParams,
  EventStream,
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
  StartupOptions,
} from '@intersect-sdk/messaging';
export { defaultIntersectLifecycleLoop } from '@intersect-sdk/messaging';
export type {
  CallbackResult,
  EventCallback,
  EventCallbackDetails,
  IntersectClientCallback,
  ResponseCallback,
  ResponseCallbackDetails,
} from './callbacks.js';
export { stop } from './callbacks.js';
export type { IntersectClientConfig } from './config.js';
export type { EventsOptions } from './events-options.js';
export { IntersectClient } from './intersect-client.js';
