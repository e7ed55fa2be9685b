export type { DirectMessageParams, RequestOptions, Response, ResponseDetails } from '@intersect-sdk/core';
export type { Wire } from '@intersect-sdk/core/internal';
// biome-ignore lint/style/noRestrictedImports: for programs that use this package without a client or service, and choose themselves
export { WIRE_0_9 } from '@intersect-sdk/core/internal';
export type { BrokerGroupOptions, GroupDelivery, GroupHandler, GroupSubscription } from './broker-group.js';
export { BrokerGroup } from './broker-group.js';
export { checkBrokerList, isTransport } from './broker-sources.js';
export type { EventHandler, EventMessage, ListenOptions } from './event-listening.js';
export { listenToEvents } from './event-listening.js';
export type { EventStreamOptions, Overflow } from './event-stream.js';
export { EventStream } from './event-stream.js';
export { Finish } from './finish.js';
export { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS, payloadProblem } from './intake-limits.js';
export type { LifecycleLoopOptions, Startable } from './lifecycle-loop.js';
export { defaultIntersectLifecycleLoop } from './lifecycle-loop.js';
export type { Observation, ObservationKind, Observed, Observer } from './observer.js';
export type { ObserversOptions } from './observers.js';
export { Observers } from './observers.js';
export type {
  CheckedRequest,
  EventParams,
  ReadingPlace,
} from './parameters.js';
export { checkDirectMessage, checkEventParams, checkRequestOptions } from './parameters.js';
export type { StartupOptions } from './participant.js';
export { Participant } from './participant.js';
export type { LifeOptions, ParticipantRun, ParticipantState } from './participant-life.js';
export { ParticipantLife } from './participant-life.js';
export { readObservers } from './read-observers.js';
export { RecentIds } from './recent-ids.js';
export type { Report, Reported, Reporter, ReportKind, ReportListener } from './report.js';
export { asError } from './report.js';
export type { RequesterOptions } from './requester.js';
export { REQUEST_TIMEOUT_MS, Requester } from './requester.js';
