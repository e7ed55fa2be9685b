import type { Random } from './random.js';
import { type Abilities, type RawMessage, withHeader } from './raw-message.js';

// Lies that are the same for every kind of message: each takes a right one and makes it one that must be
// refused for its headers. Undefined where the protocol can't carry such a thing.

interface Case {
  readonly message: RawMessage;
  readonly random: Random;
  readonly abilities: Abilities;
  /** The headers that this kind of message must have. */
  readonly required: readonly string[];
}

export const HEADER_LIES: Readonly<Record<string, (given: Case) => RawMessage | undefined>> = {
  'a required header is missing': ({ message, random, required }) =>
    withHeader(message, random.pick(required), undefined),
  'no headers at all': ({ message }) => ({ ...message, headers: [] }),
  'only headers of prototypes': ({ message, random, abilities }) => ({
    ...message,
    headers: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => [
      name,
      abilities.nonStrings && random.below(2) === 0 ? Object.fromEntries(message.headers) : 'x',
    ]),
  }),
  'a required header is malformed': ({ message, random, required, abilities }) => {
    const name = random.pick(required.filter((one) => one !== 'operation_id'));
    return withHeader(message, name, malformed(name, random, abilities));
  },
  'a required header in capitals': ({ message, random, required }) => {
    const name = random.pick(required);
    const value = message.headers.find(([known]) => known === name)?.[1];
    return withHeader(withHeader(message, name, undefined), name.toUpperCase(), value);
  },
  'a required header twice': ({ message, random, required, abilities }) => {
    if (!abilities.doubles) return undefined;
    const name = random.pick(required);
    const again = message.headers.filter(([known]) => known === name);
    const other = random.below(2) === 0 ? again : again.map(([known]) => [known, 'other'] as const);
    return { ...message, headers: [...message.headers, ...other] };
  },
  'a required header that is no text': ({ message, random, required, abilities }) => {
    if (!abilities.nonStrings) return undefined;
    const values: readonly unknown[] = [
      5,
      1.5,
      true,
      false,
      [],
      ['x'],
      {},
      { toString: 'x' },
      new Date(0),
      Buffer.from('x'),
    ];
    return withHeader(message, random.pick(required), random.pick(values));
  },
  'a huge required header': ({ message, random, required, abilities }) => {
    const name = random.pick(required.filter((one) => one !== 'operation_id'));
    return withHeader(message, name, '!'.repeat(Math.min(abilities.longestText, 60_000)));
  },
  'more headers than fit': ({ message, abilities }) => {
    if (abilities.headerRoom < 200_000) return undefined;
    const more = Array.from({ length: 40 }, (_, at) => [`more-${at}`, 'x'.repeat(4_000)] as const);
    return { ...message, headers: [...message.headers, ...more] };
  },
  'an unknown version of no shape': ({ message, random, abilities }) => {
    const shapes = [
      '',
      '0',
      '0.9',
      '0.9.6.1',
      'v0.9.6',
      '0.9.6-rc1',
      '0,9,6',
      '-0.9.6',
      '0x0.9.6',
      ' 0.9.6',
      '０.９.６',
    ];
    const withControls = abilities.controls ? [...shapes, '0.9.6\n', '0.9.6\u0000'] : shapes;
    return withHeader(message, 'sdk_version', random.pick(withControls));
  },
};

/** Versions that have the right shape and are incompatible with 0.9. */
export const OTHER_VERSIONS = [
  '1.0.0',
  '0.10.0',
  '0.8.99',
  '9.9.6',
  '0.99999999999999999999.0',
  `${'9'.repeat(300)}.9.6`,
];

/** Versions that a peer may have. */
export const RIGHT_VERSIONS = ['0.9.0', '0.9.5', '0.9.6', '0.9.99999999999999999999', '00.09.6'];

function malformed(name: string, random: Random, { controls }: Abilities): string {
  const anywhere = [
    '',
    '?',
    '../../etc/passwd',
    '{{7*7}}',
    'NULL?',
    `${'a'.repeat(5_000)}!`,
    '#',
    '*',
    '+/x',
    'x y',
  ];
  const own: Readonly<Record<string, readonly string[]>> = {
    source: ['A.b', '.a.b', 'a.b.', 'a', 'é.b'],
    destination: ['A.b', '.a.b', 'a.b.', 'a', 'é.b'],
    created_at: ['2026-13-01T00:00:00Z', '2026-01-01T00:00:00', 'now', '9'.repeat(400), '1e999'],
    message_id: ['0'.repeat(31), 'urn:uuid:', '{}', 'g'.repeat(32)],
    capability_name: ['a-b', 'a/b', 'a.b'],
    event_name: ['a-b', 'a/b', 'a.b'],
  };
  const lines = controls ? ['a\nERROR forged', '\u0000', '\u0001\u0002\u0003'] : [];
  return random.pick([...anywhere, ...(own[name] ?? []), ...lines]);
}
