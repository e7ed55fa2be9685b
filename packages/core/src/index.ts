export type {
  DataStore,
  DataStoreOptions,
  DataToPut,
  StoredData,
  StoredPointer,
  UnclaimedData,
  UnclaimedQuery,
} from './data/data-store.js';
export type { CodesOf, ErrorCode } from './errors/error-codes.js';
export { ERROR_CODES } from './errors/error-codes.js';
export type { Issue } from './errors/errors.js';
export {
  CapabilityError,
  ConfigError,
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
} from './errors/errors.js';
export type { LogLevel } from './log/console-logger.js';
export { consoleLogger } from './log/console-logger.js';
export type { Logger } from './log/logger.js';
export type { SeenRequest, SeenStore } from './request/seen-store.js';
export { channelMatches } from './wire/channels.js';
export type { FramedMessage } from './wire/framing.js';
export { decodeFrame, encodeFrame, MAX_FRAME_HEADER_BYTES } from './wire/framing.js';
export {
  addressOf,
  assertCompatibleVersion,
  encodeEventHeaders,
  encodeLifecycleHeaders,
  encodeUserspaceHeaders,
  eventChannel,
  hierarchyOf,
  isAddress,
  lifecycleChannel,
  parseEventHeaders,
  parseLifecycleHeaders,
  parseUserspaceHeaders,
  requestChannel,
  responseChannel,
} from './wire/functions-0-9.js';
export type {
  DataHandler,
  EventHeaders,
  LifecycleHeaders,
  LifecycleType,
  UserspaceHeaders,
} from './wire/headers/header-schemas.js';
export type { Hierarchy } from './wire/hierarchy.js';
export type { DataPointer } from './wire/payload/data-pointer.js';
export type { JsonValue } from './wire/payload/json-value.js';
export type { Integers } from './wire/payload/payload.js';
export { decodePayload, encodePayload } from './wire/payload/payload.js';
export { eventQueueNameOf, queueNameOf } from './wire/queue-name.js';
export { nowIso } from './wire/timestamp.js';
export { newId } from './wire/uuid.js';
export { PROTOCOL_VERSION } from './wire/version-0-9.js';
export type { WireMessage } from './wire/wire-message.js';
export type { AnswerState } from './wire/wire-version.js';
