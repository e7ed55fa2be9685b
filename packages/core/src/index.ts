export type { ErrorCode } from './errors/error-codes.js';
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
export {
  channelMatches,
  channelProblem,
  eventChannel,
  isWildcardChannel,
  lifecycleChannel,
  requestChannel,
  responseChannel,
} from './wire/channels.js';
export type { DataPointer } from './wire/data-pointer.js';
export { bucketNameOf, encodeDataPointer, parseDataPointer } from './wire/data-pointer.js';
export type { FramedMessage } from './wire/framing.js';
export { decodeFrame, encodeFrame, MAX_FRAME_HEADER_BYTES } from './wire/framing.js';
export type {
  DataHandler,
  EventHeaders,
  LifecycleHeaders,
  LifecycleType,
  UserspaceHeaders,
} from './wire/header-schemas.js';
export {
  encodeEventHeaders,
  encodeLifecycleHeaders,
  encodeUserspaceHeaders,
  MAX_HEADER_CHARACTERS,
  parseEventHeaders,
  parseLifecycleHeaders,
  parseUserspaceHeaders,
} from './wire/headers.js';
export type { JsonObject, JsonValue } from './wire/json-value.js';
export type { Hierarchy } from './wire/names.js';
export {
  addressOf,
  DEFAULT_CONTENT_TYPE,
  hierarchyOf,
  isAddress,
  isCapabilityName,
  isContentType,
  isEventName,
  RESERVED_CAPABILITY,
} from './wire/names.js';
export type { DecodePayloadOptions } from './wire/payload.js';
export { decodePayload, decodeText, encodePayload } from './wire/payload.js';
export { queueNameOf } from './wire/queue-name.js';
export { nowIso } from './wire/timestamp.js';
export { newId } from './wire/uuid.js';
export type { WireMessage } from './wire/wire-message.js';
export type { WireVersion } from './wire/wire-version.js';
export {
  areVersionsCompatible,
  assertCompatibleVersion,
  PROTOCOL_VERSION,
  WIRE_0_9,
} from './wire/wire-version.js';
