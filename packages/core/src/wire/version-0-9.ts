import type { AnswerState, WireVersion } from './wire-version.js';

/** The protocol version that this SDK speaks; it goes out as the header `sdk_version`. Not the version of the package. */
export const PROTOCOL_VERSION = '0.9.6';

// As the reference reads a boolean.
const HAS_ERROR: ReadonlyMap<string, AnswerState> = new Map([
  ...['true', '1', 'yes', 'y', 'on', 't'].map((text) => [text, 'error'] as const),
  ...['false', '0', 'no', 'n', 'off', 'f'].map((text) => [text, 'complete'] as const),
]);

/** How protocol 0.9.x writes what it says. */
export const VERSION_0_9: WireVersion = {
  version: PROTOCOL_VERSION,
  addressParts: [
    { name: 'organization' },
    { name: 'facility' },
    { name: 'system' },
    { name: 'subsystem', absent: '-' },
    { name: 'service' },
  ],
  addressSeparator: '.',
  addressPattern: '^[a-z0-9][-a-z0-9.]*[-a-z0-9]$',
  addressHint:
    "must be a service's address: its five parts in lower case, joined by dots ('-' for no subsystem)",
  partPattern: '^[a-z]((?!--)[a-z0-9-]){2,62}$',
  partHint:
    'must be 3 to 63 characters: a lower-case letter, then lower-case letters, digits and single hyphens',
  channelSuffixes: { request: 'request', response: 'response', events: 'events', lifecycle: 'lifecycle' },
  headerNames: {
    messageId: 'message_id',
    campaignId: 'campaign_id',
    requestId: 'request_id',
    source: 'source',
    destination: 'destination',
    createdAt: 'created_at',
    sdkVersion: 'sdk_version',
    operationId: 'operation_id',
    dataHandler: 'data_handler',
    state: 'has_error',
    capabilityName: 'capability_name',
    eventName: 'event_name',
    lifecycleType: 'lifecycle_type',
  },
  state: {
    title: 'Has Error',
    read: (text) => HAS_ERROR.get(text) ?? HAS_ERROR.get(text.toLowerCase()),
    // A receiver of this version would take a progress message for the answer.
    write: (state) => (state === 'progress' ? undefined : String(state === 'error')),
    must: "must be 'true' or 'false'",
  },
};
