export interface ErrorCodeEntry {
  /** The class that carries the code. */
  readonly thrownAs: string;
  /** Whether the same call can succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** False: where it ends a request or a publish, no one got the message. Default: true. */
  readonly mayHaveRun?: boolean;
  /** What it means to the person who reads it. */
  readonly meaning: string;
}

/** Every code that an error of this SDK can carry. A code belongs to one class and never changes its meaning. */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    thrownAs: 'ConfigError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'Configuration or arguments that cannot be used; `issues` lists every problem.',
  },
  CLOSED: { thrownAs: 'IllegalStateError', retryable: false, meaning: 'Used after it was closed.' },
  DRAINING: { thrownAs: 'IllegalStateError', retryable: false, meaning: 'Used while it is shutting down.' },
  NOT_CONNECTED: {
    thrownAs: 'IllegalStateError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'Used before it was connected.',
  },
  IN_USE: {
    thrownAs: 'IllegalStateError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'Another client or service of this program uses the same transport.',
  },
  ABORTED: {
    thrownAs: 'TransportError',
    retryable: false,
    meaning: "The caller's signal ended a connect, publish or subscribe.",
  },
  CONNECT_REFUSED: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning:
      'Nothing accepts connections at that host and port, or what does refused or ended the connection for now.',
  },
  HOST_UNKNOWN: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning: 'The host name could not be resolved.',
  },
  CONNECT_TIMEOUT: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning: 'The broker did not answer in time.',
  },
  CONNECTION_LOST: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning: 'The connection ended before the broker confirmed.',
  },
  AUTH_REFUSED: {
    thrownAs: 'TransportError',
    retryable: false,
    meaning: 'The broker refused the user name, password or certificate, or the access they give.',
  },
  TLS_REFUSED: {
    thrownAs: 'TransportError',
    retryable: false,
    meaning: 'The TLS handshake failed: certificate, name or protocol.',
  },
  PROTOCOL_REFUSED: {
    thrownAs: 'TransportError',
    retryable: false,
    meaning: 'What answers does not speak the protocol or the version that is needed.',
  },
  SESSION_TAKEN_OVER: {
    thrownAs: 'TransportError',
    retryable: false,
    meaning: 'Another program connected with the same client id: it runs the same service.',
  },
  PENDING_FULL: {
    thrownAs: 'TransportError',
    retryable: true,
    mayHaveRun: false,
    meaning: 'Too many messages wait for the connection, for confirmation or for an answer.',
  },
  BROKER_BUSY: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning:
      'The broker could not take the message, or make the subscription, for now: a queue is full, or a ' +
      'node of a cluster is away. It may have taken the message all the same.',
  },
  ACKNOWLEDGE_TIMEOUT: {
    thrownAs: 'TransportError',
    retryable: true,
    meaning:
      'A handler runs longer than the broker waits for the acknowledgement of its message, which comes again. ' +
      'Acknowledge it earlier, or let the broker wait longer.',
  },
  PUBLISH_REFUSED: {
    thrownAs: 'PublishError',
    retryable: false,
    meaning: 'The broker forbids the message, or its protocol cannot carry it.',
  },
  PUBLISH_TIMEOUT: {
    thrownAs: 'PublishError',
    retryable: true,
    meaning: 'The broker did not confirm the message in time.',
  },
  PAYLOAD_TOO_LARGE: {
    thrownAs: 'PublishError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'The message is larger than the broker accepts; it was not sent.',
  },
  UNROUTABLE: {
    thrownAs: 'PublishError',
    retryable: true,
    mayHaveRun: false,
    meaning: 'No one receives messages on that channel: no such service, or it is not there yet.',
  },
  SUBSCRIBE_REFUSED: {
    thrownAs: 'SubscribeError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'The broker refused the subscription, or it cannot be made over this protocol.',
  },
  QUEUE_MISMATCH: {
    thrownAs: 'SubscribeError',
    retryable: false,
    meaning: 'The queue exists with other arguments, or does not exist and must not be made.',
  },
  HEADERS_INVALID: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'A required header is missing or a header is malformed.',
  },
  PAYLOAD_INVALID: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'The payload is not what its content type says, e.g. not JSON.',
  },
  VERSION_INCOMPATIBLE: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'The sender speaks another version of the protocol.',
  },
  DATA_HANDLER_UNSUPPORTED: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'The payload is kept in a data store that this program cannot read.',
  },
  FRAME_INVALID: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'The frame of a protocol without headers cannot be read.',
  },
  RESPONSE_UNEXPECTED: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'A response that no request waits for: late, doubled, or not from the one that was asked.',
  },
  EVENTS_OVERFLOWED: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'Events came faster than they were read, and the listener asked to fail then.',
  },
  MESSAGE_UNCLAIMED: {
    thrownAs: 'MessageError',
    retryable: false,
    meaning: 'A message for a subscription that this program no longer has; it was acknowledged and dropped.',
  },
  DATA_GONE: {
    thrownAs: 'DataError',
    retryable: false,
    meaning:
      'The data are no longer in the data store: somebody has read and deleted them, or they were too old. Ask for them anew.',
  },
  DATA_CORRUPT: {
    thrownAs: 'DataError',
    retryable: false,
    meaning:
      'The data are not those that were sent: their checksum or their size differs. They were not deleted. Let them be sent again.',
  },
  DATA_CUT: {
    thrownAs: 'DataError',
    retryable: true,
    meaning: 'The data ended before they were complete. They are still in the data store: read them again.',
  },
  DATA_TOO_LARGE: {
    thrownAs: 'DataError',
    retryable: false,
    meaning: 'The data are larger than `maxDataBytes`: take them as a stream, or allow more.',
  },
  DATA_STORE_REFUSED: {
    thrownAs: 'DataError',
    retryable: false,
    meaning:
      'The data store refused the user name or the password, or does not allow this with them. Check them, and their rights.',
  },
  DATA_STORE_UNKNOWN: {
    thrownAs: 'DataError',
    retryable: false,
    meaning:
      'A pointer names a data store that this program was not given, or a bucket that the store does not have. Name the store in `dataStores`, or in `alsoKnownAs` of one.',
  },
  DATA_STORE_AWAY: {
    thrownAs: 'DataError',
    retryable: true,
    meaning:
      'The data store cannot be reached, or does not answer in time. Try again; check that it runs, and its URL.',
  },
  DATA_STORE_FULL: {
    thrownAs: 'DataError',
    retryable: true,
    meaning: 'The data store has no room for the data. Make room, or delete what nobody claims.',
  },
  SCHEMA_MISMATCH: {
    thrownAs: 'ValidationError',
    retryable: false,
    mayHaveRun: false,
    meaning: 'A value does not fit its schema or cannot be carried as JSON.',
  },
  REQUEST_TIMEOUT: {
    thrownAs: 'RequestError',
    retryable: true,
    meaning: 'No answer came in time. The service may still have done the work.',
  },
  REQUEST_SILENT: {
    thrownAs: 'RequestError',
    retryable: false,
    meaning:
      'The service had the request and then gave no sign of life, or has begun a stream anew: it has ended, or could not reach the broker. The work may still be running.',
  },
  REQUEST_ABORTED: {
    thrownAs: 'RequestError',
    retryable: false,
    meaning: "The caller's signal or a shutdown ended the wait.",
  },
  SERVICE_BUSY: {
    thrownAs: 'RequestError',
    retryable: true,
    mayHaveRun: false,
    meaning: 'The service has no place for the request now, and did not take it.',
  },
  REMOTE_ERROR: {
    thrownAs: 'RequestError',
    retryable: false,
    meaning: 'The service answered with an error; the message is its own sentence.',
  },
  CAPABILITY_ERROR: {
    thrownAs: 'CapabilityError',
    retryable: false,
    meaning: "A capability's own code tells the caller why it failed.",
  },
  LAB_NOT_SEEN: {
    thrownAs: 'LabError',
    retryable: false,
    meaning: 'In a test: the request, event or report that was waited for did not come in time.',
  },
  LAB_REPORTS: {
    thrownAs: 'LabError',
    retryable: false,
    meaning: 'In a test: the lab was stopped, and there are reports in it that the test did not take.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The codes that errors of one class carry. */
export type CodesOf<Class extends string> = {
  [Code in ErrorCode]: (typeof ERROR_CODES)[Code]['thrownAs'] extends Class ? Code : never;
}[ErrorCode];
