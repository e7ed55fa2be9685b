import { Enum, Object as ObjectType, type Static, String as StringType } from 'typebox';
import { NAME_PATTERN } from './names.js';
import type { AnswerState, WireVersion } from './wire-version.js';

// A property with a `default` may be missing on the wire. The titles are those of the reference's documents.

const messageId = StringType({ format: 'uuid', title: 'Message Id' });
const createdAt = StringType({ format: 'date-time', title: 'Created At' });
const sdkVersion = StringType({ pattern: '^\\d+\\.\\d+\\.\\d+$', title: 'Sdk Version' });
const dataHandler = Enum(['MESSAGE', 'MINIO'], { default: 'MESSAGE' });

/** The headers of the three kinds of messages (protocol section 3). */
export type HeaderSchemas = ReturnType<typeof headerSchemasOf>;

export function headerSchemasOf({ addressPattern, state }: Pick<WireVersion, 'addressPattern' | 'state'>) {
  const source = StringType({ pattern: addressPattern, title: 'Source' });
  return {
    /** Of requests and responses. */
    userspace: ObjectType(
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
        state: StringType({ default: 'complete' satisfies AnswerState, title: state.title }),
      },
      { title: 'UserspaceMessageHeaders' },
    ),
    event: ObjectType(
      {
        messageId,
        source,
        createdAt,
        sdkVersion,
        dataHandler,
        capabilityName: StringType({ pattern: NAME_PATTERN, title: 'Capability Name' }),
        eventName: StringType({ pattern: NAME_PATTERN, title: 'Event Name' }),
      },
      { title: 'EventMessageHeaders' },
    ),
    lifecycle: ObjectType(
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
    ),
  };
}

/**
 * The headers of a request or a response. Ids are lower-case UUIDs; `requestId` is the asker's own and
 * may repeat, only `messageId` tells messages apart. `createdAt` is ISO 8601 with offset.
 */
export interface UserspaceHeaders {
  readonly messageId: string;
  readonly campaignId: string;
  readonly requestId: string;
  readonly source: string;
  readonly destination: string;
  readonly createdAt: string;
  readonly sdkVersion: string;
  /** `<capability>.<operation>`. */
  readonly operationId: string;
  readonly dataHandler: DataHandler;
  readonly state: AnswerState;
  /** True when `state` is `error`: then the payload is a sentence. */
  readonly hasError: boolean;
}

/** The headers of an event. */
export type EventHeaders = Readonly<Static<HeaderSchemas['event']>>;

/** The headers of a lifecycle message. */
export type LifecycleHeaders = Readonly<Static<HeaderSchemas['lifecycle']>>;

/** Where the payload is: in the message, or in a store that the payload points at (protocol section 8). */
export type DataHandler = Static<typeof dataHandler>;

export type LifecycleType = LifecycleHeaders['lifecycleType'];
