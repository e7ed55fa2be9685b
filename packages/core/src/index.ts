export type {
  DataStore,
  DataStoreConfig,
  DataStoreOptions,
  DataStores,
  DataStoresConfig,
  DataToPut,
  StoredData,
} from './data/data-store.js';
export type { CodesOf, ErrorCode } from './errors/error-codes.js';
export { ERROR_CODES } from './errors/error-codes.js';
export type { IntersectErrorOptions, Issue, RequestErrorDetails } from './errors/errors.js';
export {
  CapabilityError,
  ConfigError,
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
export { silentLogger } from './log/logger.js';
export type {
  DirectMessageParams,
  RequestOptions,
  Response,
  ResponseDetails,
  RetryOptions,
} from './request/request.js';
export type { Hierarchy } from './wire/addresses.js';
export { channelMatches, channelProblem, isWildcardChannel } from './wire/channels.js';
export { areVersionsCompatible } from './wire/compatibility.js';
export type { DataPointer } from './wire/data-pointer.js';
export { encodeDataPointer, parseDataPointer } from './wire/data-pointer.js';
export type { FramedMessage } from './wire/framing.js';
export { decodeFrame, encodeFrame, MAX_FRAME_HEADER_BYTES } from './wire/framing.js';
export {
  addressOf,
  assertCompatibleVersion,
  bucketNameOf,
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
} from './wire/header-schemas.js';
export { MAX_HEADER_CHARACTERS } from './wire/headers.js';
export type { JsonObject, JsonValue } from './wire/json-value.js';
export {
  DEFAULT_CONTENT_TYPE,
  isCapabilityName,
  isContentType,
  isEventName,
  RESERVED_CAPABILITY,
} from './wire/names.js';
export type { DecodePayloadOptions } from './wire/payload.js';
export { decodePayload, decodeText, encodePayload } from './wire/payload.js';
export { eventQueueNameOf, queueNameOf } from './wire/queue-name.js';
export { nowIso } from './wire/timestamp.js';
export { newId } from './wire/uuid.js';
export { PROTOCOL_VERSION } from './wire/version-0-9.js';
export type { WireMessage } from './wire/wire-message.js';
export type { AnswerState } from './wire/wire-version.js';
