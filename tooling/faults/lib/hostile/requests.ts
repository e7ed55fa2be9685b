import { HEADER_LIES, OTHER_VERSIONS, RIGHT_VERSIONS } from './header-lies.js';
import { type Fit, type HostilePayload, LARGE_PAYLOADS, PAYLOADS } from './payloads.js';
import type { Random } from './random.js';
import { type Abilities, type RawMessage, withHeader, withHeaders } from './raw-message.js';

/** Who is there, besides the service under test. */
interface Cast {
  readonly service: string;
  /** Both of them listen to their answers. */
  readonly asker: string;
  readonly victim: string;
  /** Where a pointer points to; counts who comes. */
  readonly storeUrl: string;
}

export interface Hostile {
  readonly message: RawMessage;
  /** Every outcome that this one message must have, no more and no less. */
  readonly outcomes: readonly string[];
}

export interface Kit {
  readonly random: Random;
  readonly abilities: Abilities;
  readonly cast: Cast;
  /** A right request that was sent, and answered, not long ago. */
  answeredBefore(): RawMessage;
}

type Make = (kit: Kit) => Hostile | undefined;

const REQUIRED = [
  'message_id',
  'campaign_id',
  'request_id',
  'source',
  'destination',
  'created_at',
  'sdk_version',
  'operation_id',
];

/** The asker got an answer. */
export const ANSWERED = 'answered';
/** The asker got an error. */
export const TOLD = 'answered with an error';
const dropped = (reason: string): readonly string[] => [`request-dropped ${reason}`];
const refused = (reason: string): readonly string[] => [`request-refused ${reason}`, TOLD];

const BY_FIT: Readonly<Record<Fit, readonly string[]>> = {
  fits: [ANSWERED],
  misfit: refused('arguments-invalid'),
  'not-json': refused('arguments-invalid'),
  empty: refused('arguments-invalid'),
  'too-large': refused('payload-too-large'),
};

/** A request as it should be. */
export function rightRequest({ random, cast }: Kit, words = 'good'): RawMessage {
  return {
    channel: channelOf(cast.service, 'request'),
    payload: Buffer.from(JSON.stringify({ text: words })),
    contentType: 'application/json',
    headers: Object.entries({
      message_id: random.uuid(),
      campaign_id: random.uuid(),
      request_id: random.uuid(),
      source: cast.asker,
      destination: cast.service,
      created_at: '2026-01-01T00:00:00+00:00',
      sdk_version: '0.9.6',
      operation_id: 'Lab.echo',
      data_handler: 'MESSAGE',
      has_error: 'false',
    }),
  };
}

export function channelOf(address: string, ...suffix: string[]): string {
  return [...address.split('.'), ...suffix].join('/');
}

const withPayload = (kit: Kit, { bytes, fit }: HostilePayload): Hostile => ({
  message: { ...rightRequest(kit), payload: bytes },
  outcomes: BY_FIT[fit],
});

const changed = (
  kit: Kit,
  [name, value]: readonly [name: string, value: unknown],
  outcomes: readonly string[],
): Hostile => ({
  message: withHeader(rightRequest(kit), name, value),
  outcomes,
});

export const HOSTILE_REQUESTS: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(
    Object.entries(HEADER_LIES).map(([name, lie]): [string, Make] => [
      name,
      (kit) => {
        const message = lie({ ...kit, message: rightRequest(kit), required: REQUIRED });
        return message && { message, outcomes: dropped('headers-invalid') };
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(PAYLOADS).map(([name, make]): [string, Make] => [
      name,
      (kit) => withPayload(kit, make(kit.random)),
    ]),
  ),
  'unknown headers, some of them long': (kit) => {
    const length = Math.min(kit.abilities.longestText, 30_000);
    const more = { constructor: 'x', toString: 'x', 'x-long': 'x'.repeat(length), '': 'no name' };
    return { message: withHeaders(rightRequest(kit), more), outcomes: [ANSWERED] };
  },
  'an incompatible version': (kit) =>
    changed(kit, ['sdk_version', kit.random.pick(OTHER_VERSIONS)], refused('version-incompatible')),
  'a compatible version': (kit) => changed(kit, ['sdk_version', kit.random.pick(RIGHT_VERSIONS)], [ANSWERED]),
  'a wrong content type': (kit) => {
    const types = [
      'text/plain',
      'application/json; charset=utf-8',
      'APPLICATION/JSON',
      'x',
      '../..',
      'image/png',
    ];
    const long = `a/${'b'.repeat(Math.min(kit.abilities.longestContentType, 60_000) - 2)}`;
    const contentType = kit.random.pick([...types, long]);
    return { message: { ...rightRequest(kit), contentType }, outcomes: refused('content-type') };
  },
  'no content type': (kit) => ({
    message: { ...rightRequest(kit), contentType: undefined },
    outcomes: dropped('headers-invalid'),
  }),
  'an unknown operation': (kit) => {
    const names = [
      '',
      'Lab',
      'Lab.',
      '.echo',
      'Lab.nope',
      'Lab.__proto__',
      '__proto__.echo',
      'constructor.constructor',
    ];
    const more = ['Lab.echo.toString', 'lab.echo', 'Lab/echo', 'intersect_sdk.exit', 'x'.repeat(20_000)];
    return changed(kit, ['operation_id', kit.random.pick([...names, ...more])], refused('operation-unknown'));
  },
  'for somebody else': (kit) =>
    changed(
      kit,
      ['destination', kit.random.pick([kit.cast.victim, 'a.b', 'org.fac'])],
      dropped('other-destination'),
    ),
  'an unknown data handler': (kit) => {
    const names = ['S3', '', 'message', 'MINIO2', '__proto__', 'constructor', 'file:///etc/passwd'];
    return changed(kit, ['data_handler', kit.random.pick(names)], refused('data-handler-unknown'));
  },
  'a pointer to data elsewhere': (kit) => {
    const { storeUrl } = kit.cast;
    const pointer = kit.random.pick([
      { minio_url: storeUrl, minio_bucket: 'bucket', minio_object_id: 'object' },
      { minio_url: `${storeUrl}/../..`, minio_bucket: '../../etc', minio_object_id: 'passwd' },
      { minio_url: 'file:///etc/passwd', minio_bucket: '', minio_object_id: '' },
      { minio_url: storeUrl },
      null,
    ]);
    const message = { ...rightRequest(kit), payload: Buffer.from(JSON.stringify(pointer)) };
    return { message: withHeader(message, 'data_handler', 'MINIO'), outcomes: refused('data-not-fetched') };
  },
  'a request that says it is an error': (kit) => {
    const [value, outcomes] = kit.random.pick([
      ['true', [ANSWERED]],
      ['yes', [ANSWERED]],
      ['maybe', dropped('headers-invalid')],
      ['', dropped('headers-invalid')],
    ] as const);
    return changed(kit, ['has_error', value], outcomes);
  },
  'the name of another asker': (kit) => changed(kit, ['source', kit.cast.victim], [ANSWERED]),
  'the name of nobody': (kit) =>
    changed(
      kit,
      ['source', kit.random.pick(['no.body', 'org.fac.sys.-.nobody', 'ab'])],
      ['answer-not-sent UNROUTABLE'],
    ),
  'an address with an empty part': (kit) =>
    changed(kit, ['source', kit.random.pick(['a..b', 'org.fac...svc'])], dropped('headers-invalid')),
  "the service's own name": (kit) =>
    changed(kit, ['source', kit.cast.service], ['response-refused RESPONSE_UNEXPECTED']),
  'a message that came before': (kit) => ({
    message: kit.answeredBefore(),
    // Answered again from memory; two at once may get one answer together, so those are not counted.
    outcomes: ['request-repeated'],
  }),
  'an answer that nobody asked for': (kit) => ({
    message: { ...asAnswer(kit), payload: kit.random.bytes(30) },
    outcomes: ['response-refused RESPONSE_UNEXPECTED'],
  }),
  'an answer without headers': (kit) => ({
    message: { ...asAnswer(kit), headers: [] },
    outcomes: ['message-refused HEADERS_INVALID'],
  }),
};

export const LARGE_REQUESTS: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.entries(LARGE_PAYLOADS).map(([name, make]): [string, Make] => [
    name,
    (kit) => {
      const payload = make(kit.abilities.largestPayload);
      return payload && withPayload(kit, payload);
    },
  ]),
);

function asAnswer(kit: Kit): RawMessage {
  const { service, victim } = kit.cast;
  const answer = withHeaders(rightRequest(kit), { source: victim, destination: service });
  return { ...answer, channel: channelOf(service, 'response') };
}
