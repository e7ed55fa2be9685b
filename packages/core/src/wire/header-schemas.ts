import {
  Boolean as BooleanType,
  Enum,
  Object as ObjectType,
  type Static,
  String as StringType,
} from 'typebox';
import { WIRE_0_9 } from './wire-version.js';

// A property with a `default` may be missing on the wire. The titles are those of the reference's documents.

const { addressPattern, namePattern } = WIRE_0_9;

const messageId = StringType({ format: 'uuid', title: 'Message Id' });
const source = StringType({ pattern: addressPattern, title: 'Source' });
const createdAt = StringType({ format: 'date-time', title: 'Created At' });
const sdkVersion = StringType({ pattern: '^\\d+\\.\\d+\\.\\d+$', title: 'Sdk Version' });
const dataHandler = Enum(['MESSAGE', 'MINIO'], { default: 'MESSAGE' });

/** The headers of requests and responses (protocol section 3). */
export const USERSPACE_HEADERS_SCHEMA = ObjectType(
  {
    messageId,
    campaignId: StringType({ format: 'uuid', title: 'Campaign Id' }),
    requestId: StringType({ format: 'uuid', title: 'Request Id' }),
    source,
    destination: StringType({ pattern: addressPattern, title: 'Destination' }),
    createdAt,
    sdkVersion,
    operationId: StringType({ title: 'Operation Id' }),
    dataHandler,
    hasError: BooleanType({ default: false, title: 'Has Error' }),
  },
  { title: 'UserspaceMessageHeaders' },
);

/** The headers of events (protocol section 3). */
export const EVENT_HEADERS_SCHEMA = ObjectType(
  {
    messageId,
    source,
    createdAt,
    sdkVersion,
    dataHandler,
    capabilityName: StringType({ pattern: namePattern, title: 'Capability Name' }),
    eventName: StringType({ pattern: namePattern, title: 'Event Name' }),
  },
  { title: 'EventMessageHeaders' },
);

/** The headers of lifecycle messages (protocol section 3). */
export const LIFECYCLE_HEADERS_SCHEMA = ObjectType(
  {
    messageId,
    source,
    createdAt,
    sdkVersion,
    lifecycleType: Enum(
      ['LCT_STARTUP', 'LCT_SHUTDOWN', 'LCT_POLLING', 'LCT_FUNCTIONS_ALLOWED', 'LCT_FUNCTIONS_BLOCKED'],
      { title: 'Lifecycle Type' },
    ),
  },
  { title: 'LifecycleMessageHeaders' },
);

/**
 * The headers of a request or a response. Ids are lower-case UUIDs; `requestId` is the asker's own and
 * may repeat, only `messageId` tells messages apart. `createdAt` is ISO 8601 with offset.
 */
export type UserspaceHeaders = Readonly<Static<typeof USERSPACE_HEADERS_SCHEMA>>;

/** The headers of an event. */
export type EventHeaders = Readonly<Static<typeof EVENT_HEADERS_SCHEMA>>;

/** The headers of a lifecycle message. */
export type LifecycleHeaders = Readonly<Static<typeof LIFECYCLE_HEADERS_SCHEMA>>;

/** Where the payload is: in the message, or in a store that the payload points at (protocol section 8). */
export type DataHandler = Static<typeof dataHandler>;

export type LifecycleType = LifecycleHeaders['lifecycleType'];
