import { NAME_PATTERN } from '../names.js';
import type { AnswerState, WireVersion } from '../wire-version.js';

// A property with a `default` may be missing on the wire. The titles are those of the reference's documents.
// Plain JSON Schema, so that who loads this package loads no library for schemas, and no types of one.

/** What a header must be. */
export interface HeaderSchema {
  readonly title?: string;
  readonly type?: 'string';
  readonly format?: 'uuid' | 'date-time';
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

/** What the headers of one kind of messages must be, by their names in our types. */
export interface HeadersSchema {
  readonly title: string;
  readonly properties: Readonly<Record<string, HeaderSchema>>;
}

/** The headers of the three kinds of messages (protocol section 3). */
export interface HeaderSchemas {
  /** Of requests and responses. */
  readonly userspace: HeadersSchema;
  readonly event: HeadersSchema;
  readonly lifecycle: HeadersSchema;
}

const messageId = { type: 'string', format: 'uuid', title: 'Message Id' } as const;
const createdAt = { type: 'string', format: 'date-time', title: 'Created At' } as const;
const sdkVersion = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$', title: 'Sdk Version' } as const;
const dataHandler = { enum: ['MESSAGE', 'MINIO'], default: 'MESSAGE' } as const;

export function headerSchemasOf({ addressPattern, state }: Pick<WireVersion, 'addressPattern' | 'state'>) {
  const source = { type: 'string', pattern: addressPattern, title: 'Source' } as const;
  return {
    userspace: {
      title: 'UserspaceMessageHeaders',
      properties: {
        messageId,
        campaignId: { type: 'string', format: 'uuid', title: 'Campaign Id' },
        requestId: { type: 'string', format: 'uuid', title: 'Request Id' },
        source,
        destination: { type: 'string', pattern: addressPattern, title: 'Destination' },
        createdAt,
        sdkVersion,
        operationId: { type: 'string', title: 'Operation Id' },
        dataHandler,
        state: { type: 'string', default: 'complete', title: state.title },
      },
    },
    event: {
      title: 'EventMessageHeaders',
      properties: {
        messageId,
        source,
        createdAt,
        sdkVersion,
        dataHandler,
        capabilityName: { type: 'string', pattern: NAME_PATTERN, title: 'Capability Name' },
        eventName: { type: 'string', pattern: NAME_PATTERN, title: 'Event Name' },
      },
    },
    lifecycle: {
      title: 'LifecycleMessageHeaders',
      properties: {
        messageId,
        source,
        createdAt,
        sdkVersion,
        lifecycleType: {
          title: 'Lifecycle Type',
          enum: [
            'LCT_STARTUP',
            'LCT_SHUTDOWN',
            'LCT_POLLING',
            'LCT_FUNCTIONS_ALLOWED',
            'LCT_FUNCTIONS_BLOCKED',
          ],
        },
      },
    },
  } as const satisfies HeaderSchemas;
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
export interface EventHeaders {
  readonly messageId: string;
  readonly source: string;
  readonly createdAt: string;
  readonly sdkVersion: string;
  readonly dataHandler: DataHandler;
  readonly capabilityName: string;
  readonly eventName: string;
}

/** The headers of a lifecycle message. */
export interface LifecycleHeaders {
  readonly messageId: string;
  readonly source: string;
  readonly createdAt: string;
  readonly sdkVersion: string;
  readonly lifecycleType: LifecycleType;
}

/** Where the payload is: in the message, or in a store that the payload points at (protocol section 8). */
export type DataHandler = 'MESSAGE' | 'MINIO';

export type LifecycleType =
  | 'LCT_STARTUP'
  | 'LCT_SHUTDOWN'
  | 'LCT_POLLING'
  | 'LCT_FUNCTIONS_ALLOWED'
  | 'LCT_FUNCTIONS_BLOCKED';
