/**
 * What a configuration file may hold. A name stands for itself in camelCase; `snake` is how the
 * Python SDK writes it. A field without `fields` is taken as it is, whatever it holds: a payload's
 * own keys are never translated.
 */
export interface Field {
  readonly snake?: string;
  /** The fields of the object, or of each object if `list`. */
  readonly fields?: FieldTable;
  readonly list?: boolean;
  /** Besides objects, this kind of plain value is taken as it is. */
  readonly or?: 'boolean';
  /** `null` means the same as leaving the field out. */
  readonly nullable?: boolean;
}

export type FieldTable = Readonly<Record<string, Field>>;

const broker: FieldTable = {
  protocol: {},
  username: {},
  password: {},
  host: {},
  port: { nullable: true },
  vhost: {},
  isRoot: { snake: 'is_root' },
  tls: {
    or: 'boolean',
    fields: {
      ca: {},
      caFile: { snake: 'ca_file' },
      cert: {},
      certFile: { snake: 'cert_file' },
      key: {},
      keyFile: { snake: 'key_file' },
      passphrase: {},
      serverName: { snake: 'server_name' },
    },
  },
  webSocketPath: { snake: 'web_socket_path' },
};

const dataStore: FieldTable = { username: {}, password: {}, host: {}, port: { nullable: true } };

const eventSelector: FieldTable = {
  hierarchy: {},
  capabilityName: { snake: 'capability_name' },
  eventName: { snake: 'event_name' },
};

const message: FieldTable = {
  destination: {},
  operation: {},
  payload: {},
  contentType: { snake: 'content_type' },
  dataHandler: { snake: 'data_handler' },
};

const initialMessages: FieldTable = {
  messagesToSend: { snake: 'messages_to_send', list: true, fields: message },
  servicesToStartListeningForEvents: {
    snake: 'services_to_start_listening_for_events',
    list: true,
    fields: eventSelector,
  },
  servicesToStopListeningForEvents: {
    snake: 'services_to_stop_listening_for_events',
    list: true,
    fields: eventSelector,
  },
};

const connections: FieldTable = {
  brokers: { list: true, fields: broker },
  dataStores: { snake: 'data_stores', fields: { minio: { list: true, fields: dataStore } } },
};

export const CLIENT_FIELDS: FieldTable = {
  ...connections,
  initialMessageEventConfig: { snake: 'initial_message_event_config', fields: initialMessages },
  resendInitialMessagesOnSecondaryStartup: { snake: 'resend_initial_messages_on_secondary_startup' },
  terminateAfterInitialMessages: { snake: 'terminate_after_initial_messages' },
  system: {},
  facility: {},
  organization: {},
  requestTimeoutMs: { snake: 'request_timeout_ms' },
  keepSessionMs: { snake: 'keep_session_ms' },
  shutdownTimeoutMs: { snake: 'shutdown_timeout_ms' },
  maxPayloadBytes: { snake: 'max_payload_bytes' },
  maxPendingRequests: { snake: 'max_pending_requests' },
};

export const SERVICE_FIELDS: FieldTable = {
  ...connections,
  hierarchy: {
    fields: { organization: {}, facility: {}, system: {}, subsystem: { nullable: true }, service: {} },
  },
  statusInterval: { snake: 'status_interval' },
  concurrency: {},
  maxInFlight: { snake: 'max_in_flight' },
  keepRequestsMs: { snake: 'keep_requests_ms' },
  requestTimeoutMs: { snake: 'request_timeout_ms' },
  shutdownTimeoutMs: { snake: 'shutdown_timeout_ms' },
  maxPayloadBytes: { snake: 'max_payload_bytes' },
  maxPendingRequests: { snake: 'max_pending_requests' },
};
