export type {
  DirectMessageParams,
  RequestOptions,
  Response,
  ResponseDetails,
  RetryOptions,
} from '@intersect-sdk/core';
export type { Wire } from '@intersect-sdk/core/internal';
export { WIRE_0_9 } from '@intersect-sdk/core/internal';
export type { AskerOptions, CheckedCall } from './ask/asker.js';
export { Asker, checkCall } from './ask/asker.js';
export { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS, payloadProblem } from './ask/intake-limits.js';
export type {
  CheckedRequest,
  EventParams,
  ReadingPlace,
} from './ask/parameters.js';
export { checkDirectMessage, checkEventParams, checkRequestOptions } from './ask/parameters.js';
export type { RequesterOptions } from './ask/requester.js';
export { REQUEST_TIMEOUT_MS, Requester } from './ask/requester.js';
export type { StoringOptions } from './ask/stored-payload.js';
export { fetchPayload, storePayload } from './ask/stored-payload.js';
export type {
  BrokerGroupOptions,
  GroupDelivery,
  GroupHandler,
  GroupSubscription,
} from './brokers/broker-group.js';
export { BrokerGroup } from './brokers/broker-group.js';
export { isTransport } from './brokers/broker-sources.js';
export type { EventHandler, EventMessage, ListenOptions } from './events/event-listening.js';
export { listenToEvents } from './events/event-listening.js';
export type { EventStreamOptions, Overflow } from './events/event-stream.js';
export { EventStream } from './events/event-stream.js';
export { RecentIds } from './events/recent-ids.js';
export type { Observation, ObservationKind, Observed, Observer } from './observe/observer.js';
export type { ObserversOptions } from './observe/observers.js';
export { Observers } from './observe/observers.js';
export { observersOf } from './observe/read-observers.js';
export type { Report, Reported, Reporter, ReportKind, ReportListener } from './observe/report.js';
export { asError } from './observe/report.js';
export type { IntersectClientCallback, IntersectClientConfig } from './options/client-options.js';
export { CLIENT_CALLBACK_OPTIONS, CLIENT_OPTIONS } from './options/client-options.js';
export type { ParticipantOptions } from './options/participant-options.js';
export { PARTICIPANT_OPTIONS } from './options/participant-options.js';
export type { IntersectServiceConfig } from './options/service-options.js';
export { SERVICE_OPTIONS } from './options/service-options.js';
export { Finish } from './participant/finish.js';
export type { LifecycleLoopOptions, Startable } from './participant/lifecycle-loop.js';
export { defaultIntersectLifecycleLoop } from './participant/lifecycle-loop.js';
export type { StartupOptions } from './participant/participant.js';
export { Participant } from './participant/participant.js';
export type { LifeOptions, ParticipantRun, ParticipantState } from './participant/participant-life.js';
export { ParticipantLife } from './participant/participant-life.js';
