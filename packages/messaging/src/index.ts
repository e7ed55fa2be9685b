export type {
  AcceptedRequest,
  DirectMessageParams,
  ItemStream,
  Progress,
  RequestOptions,
  Response,
  ResponseDetails,
  RetryOptions,
  StreamedResponse,
  Wire,
} from '@intersect-sdk/core/internal';
export { WIRE_0_9 } from '@intersect-sdk/core/internal';
export type { CheckedCall, TellOptions } from './ask/asker.js';
export { Asker, checkCall } from './ask/asker.js';
export { MAX_PAYLOAD_BYTES } from './ask/intake-limits.js';
export type { CheckedRequest, EventParams, ReadingPlace } from './ask/parameters.js';
export { checkDirectMessage, checkEventParams } from './ask/parameters.js';
export { ItemReader } from './ask/parts/item-reader.js';
export { Requester } from './ask/requester.js';
export { BrokerGroup } from './brokers/broker-group.js';
export type { GroupDelivery, GroupSubscription } from './brokers/group-subscription.js';
export type { StreamEnd } from './data/checked-stream.js';
export type { DataPlaneOptions, OpenedData, StoredPayload } from './data/data-plane.js';
export { DataPlane } from './data/data-plane.js';
export { streamOfBytes } from './data/stream-of-bytes.js';
export type { StoreWait } from './data/while-away.js';
export type { CheckMode, CheckOptions } from './doors/check-mode.js';
export { createDoor } from './doors/door.js';
export type { DoorEnvironment } from './doors/door-environment.js';
export type {
  Answer,
  CallOptions,
  CapabilityDoor,
  CapabilityEvent,
  CapabilityEvents,
  CapabilityEventsOptions,
  DoorBytes,
  DoorDetails,
  DoorFeatures,
  DoorOperations,
  ToldStatus,
} from './doors/door-types.js';
export type { StatusOptions } from './doors/status-options.js';
export { ToldStatusListeners } from './doors/told-statuses.js';
export { UncheckedPatterns } from './doors/unchecked-patterns.js';
export type { BufferedStreamOptions, Overflow } from './events/buffered-stream.js';
export { BufferedStream } from './events/buffered-stream.js';
export type {
  EventHandler,
  EventMessage,
} from './events/event-listening.js';
export { listenToEvents } from './events/event-listening.js';
export { EventStream } from './events/event-stream.js';
export { EventStreams } from './events/event-streams.js';
export type { EventsOptions, ResolvedEventsOptions } from './events/events-options.js';
export { resolveEventsOptions } from './events/events-options.js';
export type { Companion, ConnectionState, Departure, Work } from './observe/companion.js';
export { LostDigits, lossInArgument } from './observe/lost-digits.js';
export type { Observation, ObservationKind, Observer } from './observe/observer.js';
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
export type { LifecycleLoopOptions } from './participant/lifecycle-loop.js';
export { defaultIntersectLifecycleLoop } from './participant/lifecycle-loop.js';
export type { ParticipantFacts } from './participant/participant.js';
export { Participant } from './participant/participant.js';
export type { ParticipantRun, ParticipantState, StartupOptions } from './participant/participant-life.js';
export { ParticipantLife } from './participant/participant-life.js';
export type { ShutdownOptions } from './participant/shutdown-options.js';
export type { DescribeOptions } from './presence/describe.js';
export type { DescribedService, DescriptionSource, KnownDescription } from './presence/description.js';
export type { NextTold, NextToldOptions } from './presence/next-told.js';
export { nextToldOf } from './presence/next-told.js';
export type { Ping, PingOptions, PingPlace, PingUp } from './presence/ping.js';
export { ping } from './presence/ping.js';
export type { ToldPayload } from './presence/told-message.js';
export { toldPayloadOf } from './presence/told-message.js';
export type { MessageStream, MessageWatchOptions } from './watch/message-watch.js';
export { MessageWatches } from './watch/message-watch.js';
export type { PresenceCheck, ResolvedWatchOptions, WatchOptions } from './watch/watch-options.js';
export { resolveWatchOptions } from './watch/watch-options.js';
export type { WatchedKind, WatchedMessage } from './watch/watched-message.js';
