export { BriefMap } from './brief-map.js';
export {
  channelMatches,
  channelProblem,
  eventChannel,
  isWildcardChannel,
  lifecycleChannel,
  requestChannel,
  responseChannel,
} from './channels.js';
export type { LogLevel } from './console-logger.js';
export { consoleLogger } from './console-logger.js';
export type { DataPointer } from './data-pointer.js';
export { bucketNameOf, encodeDataPointer, parseDataPointer } from './data-pointer.js';
export type { Due } from './deadline-timer.js';
export { DeadlineTimer } from './deadline-timer.js';
export type { ErrorCode } from './error-codes.js';
export { ERROR_CODES } from './error-codes.js';
export type { IntersectErrorOptions, Issue, RequestErrorDetails } from './errors.js';
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
} from './errors.js';
export type { NumberRule, TextRule } from './field-reader.js';
export { describe, FieldReader, throwIfAny } from './field-reader.js';
export type { FramedMessage } from './framing.js';
export { decodeFrame, encodeFrame, MAX_FRAME_HEADER_BYTES } from './framing.js';
export type {
  DataHandler,
  EventHeaders,
  LifecycleHeaders,
  LifecycleType,
  UserspaceHeaders,
} from './header-schemas.js';
export {
  EVENT_HEADERS_SCHEMA,
  LIFECYCLE_HEADERS_SCHEMA,
  USERSPACE_HEADERS_SCHEMA,
} from './header-schemas.js';
export {
  encodeEventHeaders,
  encodeLifecycleHeaders,
  encodeUserspaceHeaders,
  MAX_HEADER_CHARACTERS,
  parseEventHeaders,
  parseLifecycleHeaders,
  parseUserspaceHeaders,
} from './headers.js';
export type { JsonObject, JsonValue } from './json-value.js';
export type { Logger } from './logger.js';
export { readLogger, silentLogger } from './logger.js';
export type { Hierarchy } from './names.js';
export {
  addressOf,
  checkHierarchy,
  DEFAULT_CONTENT_TYPE,
  hierarchyOf,
  isAddress,
  isCapabilityName,
  isContentType,
  isEventName,
  isHierarchyPart,
  RESERVED_CAPABILITY,
} from './names.js';
export { onAbort } from './on-abort.js';
export type { DecodePayloadOptions } from './payload.js';
export { DEFAULT_MAX_JSON_DEPTH, decodePayload, decodeText, encodePayload } from './payload.js';
export { queueNameOf } from './queue-name.js';
export { nowIso } from './timestamp.js';
export { encodeUtf8 } from './utf8.js';
export { newId } from './uuid.js';
export type { WireMessage } from './wire-message.js';
export type { WireVersion } from './wire-version.js';
export {
  areVersionsCompatible,
  assertCompatibleVersion,
  PROTOCOL_VERSION,
  WIRE_0_9,
} from './wire-version.js';
