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
export type { Logger } from './logger.js';
export { silentLogger } from './logger.js';
export type { WireMessage } from './wire-message.js';
