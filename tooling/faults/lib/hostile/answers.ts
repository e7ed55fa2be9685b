import { HEADER_LIES, OTHER_VERSIONS } from './header-lies.js';
import { type Fit, type HostilePayload, LARGE_PAYLOADS, PAYLOADS } from './payloads.js';
import type { Random } from './random.js';
import { type Abilities, type RawMessage, withHeader, withHeaders } from './raw-message.js';
import { channelOf, type Hostile } from './requests.js';

/** A request of the client under test that waits for its answer. */
export interface Waiting {
  readonly requestId: string;
  readonly campaignId: string;
}

export interface ClientKit {
  readonly random: Random;
  readonly abilities: Abilities;
  readonly client: string;
  /** The service that the client asks and listens to. */
  readonly service: string;
  /** A request that waits, and goes on to. */
  peek(): Waiting;
  /** A request that waits, and that the message made of it will end. */
  take(): Waiting;
}

type Make = (kit: ClientKit) => Hostile | undefined;

const ANSWER_HEADERS = [
  'message_id',
  'campaign_id',
  'request_id',
  'source',
  'destination',
  'created_at',
  'sdk_version',
  'operation_id',
];
const EVENT_HEADERS = ['message_id', 'source', 'created_at', 'sdk_version', 'capability_name', 'event_name'];

export const RESOLVED = 'request answered';
export const EVENT = 'event';
const unexpected = ['response-refused RESPONSE_UNEXPECTED'];
const refused = (code: string): readonly string[] => [`message-refused ${code}`];
/** The request ends with the reason for which its answer was refused. */
const failed = (code: string): readonly string[] => [`message-refused ${code}`, `request ${code}`];

const PAYLOAD_REFUSED: Readonly<Record<Fit, boolean>> = {
  fits: false,
  misfit: false,
  'not-json': true,
  empty: true,
  'too-large': true,
};

/** The answer that a request waits for. */
export function rightAnswer({ random, client, service }: ClientKit, waiting: Waiting): RawMessage {
  return {
    channel: channelOf(client, 'response'),
    payload: Buffer.from('{"text":"good"}'),
    contentType: 'application/json',
    headers: Object.entries({
      message_id: random.uuid(),
      campaign_id: waiting.campaignId,
      request_id: waiting.requestId,
      source: service,
      destination: client,
      created_at: '2026-01-01T00:00:00+00:00',
      sdk_version: '0.9.6',
      operation_id: 'Lab.echo',
      data_handler: 'MESSAGE',
      has_error: 'false',
    }),
  };
}

export function rightEvent({ random, service }: ClientKit): RawMessage {
  return {
    channel: channelOf(service, 'events', 'Lab', 'tick'),
    payload: Buffer.from('{"text":"good"}'),
    contentType: 'application/json',
    headers: Object.entries({
      message_id: random.uuid(),
      source: service,
      created_at: '2026-01-01T00:00:00+00:00',
      sdk_version: '0.9.6',
      data_handler: 'MESSAGE',
      capability_name: 'Lab',
      event_name: 'tick',
    }),
  };
}

const answerWithPayload = (kit: ClientKit, { bytes, fit }: HostilePayload): Hostile => ({
  message: { ...rightAnswer(kit, kit.take()), payload: bytes },
  outcomes: PAYLOAD_REFUSED[fit] ? failed('PAYLOAD_INVALID') : [RESOLVED],
});

const eventWithPayload = (kit: ClientKit, { bytes, fit }: HostilePayload): Hostile => ({
  message: { ...rightEvent(kit), payload: bytes },
  outcomes: PAYLOAD_REFUSED[fit] ? refused('PAYLOAD_INVALID') : [EVENT],
});

function named(prefix: string, lies: Readonly<Record<string, Make>>): Record<string, Make> {
  return Object.fromEntries(Object.entries(lies).map(([name, make]) => [`${prefix}: ${name}`, make]));
}

function headerLies(
  right: (kit: ClientKit) => RawMessage,
  required: readonly string[],
): Record<string, Make> {
  return Object.fromEntries(
    Object.entries(HEADER_LIES).map(([name, lie]): [string, Make] => [
      name,
      (kit) => {
        const message = lie({ ...kit, message: right(kit), required });
        return message && { message, outcomes: refused('HEADERS_INVALID') };
      },
    ]),
  );
}

function payloads(make: typeof answerWithPayload): Record<string, Make> {
  return Object.fromEntries(
    Object.entries(PAYLOADS).map(([name, payload]): [string, Make] => [
      name,
      (kit) => make(kit, payload(kit.random)),
    ]),
  );
}

const POINTER = Buffer.from('{"minio_url":"http://127.0.0.1:1","minio_bucket":"b","minio_object_id":"o"}');

const HOSTILE_ANSWERS: Readonly<Record<string, Make>> = {
  ...headerLies((kit) => rightAnswer(kit, kit.peek()), ANSWER_HEADERS),
  ...payloads(answerWithPayload),
  'that nobody asked for': (kit) => ({
    message: withHeader(rightAnswer(kit, kit.peek()), 'request_id', kit.random.uuid()),
    outcomes: unexpected,
  }),
  'for somebody else': (kit) => ({
    message: withHeader(rightAnswer(kit, kit.peek()), 'destination', 'org.fac.sys.-.victim'),
    outcomes: unexpected,
  }),
  'from another than was asked': (kit) => ({
    message: withHeader(
      rightAnswer(kit, kit.peek()),
      'source',
      kit.random.pick(['evil.svc', kit.client, `${kit.service}x`, 'org.fac']),
    ),
    outcomes: unexpected,
  }),
  'to another operation': (kit) => ({
    message: withHeader(
      rightAnswer(kit, kit.peek()),
      'operation_id',
      kit.random.pick(['Lab.other', '__proto__', '', 'lab.echo', 'x'.repeat(20_000)]),
    ),
    outcomes: unexpected,
  }),
  'with an incompatible version': (kit) => ({
    message: withHeader(rightAnswer(kit, kit.take()), 'sdk_version', kit.random.pick(OTHER_VERSIONS)),
    outcomes: failed('VERSION_INCOMPATIBLE'),
  }),
  'with an unknown data handler': (kit) => ({
    message: withHeader(
      rightAnswer(kit, kit.peek()),
      'data_handler',
      kit.random.pick(['S3', '', '__proto__']),
    ),
    outcomes: refused('DATA_HANDLER_UNSUPPORTED'),
  }),
  'that points to data elsewhere': (kit) => ({
    message: { ...withHeader(rightAnswer(kit, kit.take()), 'data_handler', 'MINIO'), payload: POINTER },
    // Told to the caller alone: the message keeps to the protocol, and the program has no such store.
    outcomes: ['request DATA_STORE_UNKNOWN'],
  }),
  'that is an error, of any bytes': (kit) => ({
    message: {
      ...withHeader(rightAnswer(kit, kit.take()), 'has_error', kit.random.pick(['true', '1', 'YES'])),
      payload: kit.random.bytes(kit.random.below(200)),
    },
    outcomes: ['request REMOTE_ERROR'],
  }),
  'with another content type': (kit) => ({
    message: { ...rightAnswer(kit, kit.take()), contentType: kit.random.pick(['text/html', 'x', undefined]) },
    outcomes: [RESOLVED],
  }),
};

const HOSTILE_EVENTS: Readonly<Record<string, Make>> = {
  ...headerLies(rightEvent, EVENT_HEADERS),
  ...payloads(eventWithPayload),
  'that says it is of another service': (kit) => ({
    message: withHeader(rightEvent(kit), 'source', kit.random.pick(['evil.svc', kit.client])),
    outcomes: refused('HEADERS_INVALID'),
  }),
  'that says it is another event': (kit) => ({
    message: withHeaders(
      rightEvent(kit),
      kit.random.pick([{ event_name: 'tock' }, { capability_name: 'Vault' }, { event_name: '__proto__x' }]),
    ),
    outcomes: refused('HEADERS_INVALID'),
  }),
  'with an incompatible version': (kit) => ({
    message: withHeader(rightEvent(kit), 'sdk_version', kit.random.pick(OTHER_VERSIONS)),
    outcomes: refused('VERSION_INCOMPATIBLE'),
  }),
  'that points to data elsewhere': (kit) => ({
    message: { ...withHeader(rightEvent(kit), 'data_handler', 'MINIO'), payload: POINTER },
    outcomes: refused('DATA_STORE_UNKNOWN'),
  }),
  'that points to data in an unknown way': (kit) => ({
    message: { ...withHeader(rightEvent(kit), 'data_handler', 'S3'), payload: POINTER },
    outcomes: refused('DATA_HANDLER_UNSUPPORTED'),
  }),
};

export const HOSTILE_TO_CLIENTS: Readonly<Record<string, Make>> = {
  ...named('an answer', HOSTILE_ANSWERS),
  ...named('an event', HOSTILE_EVENTS),
};

export const LARGE_TO_CLIENTS: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.entries(LARGE_PAYLOADS).flatMap(([name, make]): [string, Make][] => [
    [
      `an answer: ${name}`,
      (kit) => {
        const payload = make(kit.abilities.largestPayload);
        return payload && answerWithPayload(kit, payload);
      },
    ],
    [
      `an event: ${name}`,
      (kit) => {
        const payload = make(kit.abilities.largestPayload);
        return payload && eventWithPayload(kit, payload);
      },
    ],
  ]),
);
