// Plumbing that the packages of this SDK share. It can change in any release: programs import `@intersect-sdk/core` only.
export { dataStores, isStore } from './data/check-data-stores.js';
export type { DataBody, DataSource } from './data/data-body.js';
export { isBlob, isDataSource, isStream } from './data/data-body.js';
export type {
  DataStoreConfig,
  DataStoreOrConfig,
  DataStores,
  DataStoresConfig,
  ResolvedDataStoreConfig,
  ResolvedDataStoresConfig,
} from './data/data-store.js';
export { dataStoresConfigRow } from './data/data-store.js';
export { isDataKey, isObjectId } from './data/object-names.js';
export type { Sha256 } from './data/sha256.js';
export { sha256Of, startSha256 } from './data/sha256.js';
export type { RequestErrorDetails } from './errors/errors.js';
export { silentLogger } from './log/logger.js';
export type { RowRule } from './options/checked-option.js';
export { group, type ListRule, list } from './options/nested.js';
export {
  bytes,
  count,
  ms,
  type NumberRow,
  type NumberRowRule,
  port,
  seconds,
} from './options/numbers.js';
export type {
  Named,
  OptionFacts,
  OptionRow,
  OptionsOf,
  OptionTable,
  RequiredRow,
  ResolvedOf,
  TableOf,
} from './options/option.js';
export { abortSignal, callback, flag, logger } from './options/others.js';
export { readNested, readOptions, readTable } from './options/read-options.js';
export { snakeCase } from './options/snake-case.js';
export { custom, either, required } from './options/special.js';
export { oneOf, type TextRowRule, text } from './options/texts.js';
export { asGiven } from './plumbing/as-given.js';
export { atCaller } from './plumbing/at-caller.js';
export type { Due } from './plumbing/deadline-timer.js';
export { DeadlineTimer } from './plumbing/deadline-timer.js';
export type { Given } from './plumbing/field-reader.js';
export { FieldReader, throwConfigError } from './plumbing/field-reader.js';
export { joinPaths } from './plumbing/join-paths.js';
export { onAbort } from './plumbing/on-abort.js';
export { TransientMap } from './plumbing/transient-map.js';
export { inTurn, nextTurn } from './plumbing/turn.js';
export { didYouMean, printableName, unknownField } from './plumbing/unknown-name.js';
export { encodeUtf8 } from './plumbing/utf8.js';
export type { NumberRule, TextRule } from './plumbing/value-rules.js';
export { kindOf } from './plumbing/value-rules.js';
export {
  abortedError,
  delay,
  LONGEST_TIMER_MS,
  settlesWithin,
  untilAborted,
  within,
} from './plumbing/waiting.js';
export { WorkCount } from './plumbing/work-count.js';
export type { ItemStream } from './request/item-stream.js';
export type { Progress } from './request/progress.js';
export { encodeProgress, progressOf } from './request/progress.js';
export type {
  AcceptedRequest,
  DirectMessageParams,
  GivenMessage,
  RequestOptions,
  ResolvedRequestOptions,
  ResolvedRetryOptions,
  Response,
  ResponseDetails,
  RetryOptions,
  StreamedResponse,
} from './request/request.js';
export { directMessageRow, readDirectMessage, readRequestOptions, retryRow } from './request/request.js';
export { seenStoreRow } from './request/seen-store.js';
export { channelProblem, isWildcardChannel } from './wire/channels.js';
export { bucketNameOf } from './wire/functions-0-9.js';
export { ACCEPT_HEADER, type Accepted, acceptHeaderOf, acceptsOf } from './wire/further/accept.js';
export type { ExtensionPlace, ProtocolExtension } from './wire/further/extensions.js';
export {
  ASK_HEADER,
  INSTANCE_HEADER,
  INTERVAL_HEADER,
  PROTOCOL_EXTENSIONS,
  REFUSAL_HEADER,
  SHA256_HEADER,
  TIMEOUT_HEADER,
  UNREAD_HEADER,
} from './wire/further/extensions.js';
export type { ControlKind, PartKind } from './wire/further/parts.js';
export {
  ALIVE_EVERY_MS,
  CONTROL_HEADER,
  CREDIT_BYTES,
  CREDIT_ITEMS,
  controlKindOf,
  PART_HEADER,
  partKindOf,
  SEQ_HEADER,
  STREAM_KEY,
  seqOf,
} from './wire/further/parts.js';
export { withTimeLeft } from './wire/further/time-left.js';
export type { FurtherHeaders } from './wire/headers/further-headers.js';
export { furtherHeadersRow, NO_HEADERS, sizeOfHeaders } from './wire/headers/further-headers.js';
export { hierarchyRow } from './wire/hierarchy.js';
export {
  DEFAULT_CONTENT_TYPE,
  isCapabilityName,
  isContentType,
  isEventName,
  RESERVED_CAPABILITY,
} from './wire/names.js';
export { argumentIssues, argumentSentence } from './wire/payload/argument-issues.js';
export type { DataPointer } from './wire/payload/data-pointer.js';
export { encodeDataPointer, parseDataPointer } from './wire/payload/data-pointer.js';
export { decodeOwnPayload, decodeText } from './wire/payload/payload.js';
export { VERSION_0_9 } from './wire/version-0-9.js';
export type { Wire } from './wire/wire.js';
export { createWire, WIRE_0_9, wireOf, withWire } from './wire/wire.js';
export type { WireVersion } from './wire/wire-version.js';
