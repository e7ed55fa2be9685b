import type { Random } from './random.js';

/** What a payload is to a program that asks for `{ text: string, count?: integer }` in JSON. */
export type Fit = 'fits' | 'misfit' | 'not-json' | 'empty' | 'too-large';

export interface HostilePayload {
  readonly bytes: Uint8Array;
  readonly fit: Fit;
}

/** The protocol's own limits, told here once more: the tests must not believe what they test. */
const DEEPEST = 512;
const LARGEST = 16 * 1024 * 1024;

const GOOD = '{"text":"good","count":3}';

const text = (json: string): HostilePayload => judged(Buffer.from(json));

type Make = (random: Random) => HostilePayload;

export const PAYLOADS: Readonly<Record<string, Make>> = {
  'bytes that are no UTF-8': (random) =>
    judged(
      Buffer.concat([
        Buffer.from('{"text":"'),
        random
          .pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]])
          .reduce((bytes, byte) => Buffer.concat([bytes, Buffer.from([byte])]), Buffer.alloc(0)),
        Buffer.from('"}'),
      ]),
    ),
  'broken JSON': (random) =>
    text(
      random.pick([
        GOOD.slice(0, 1 + random.below(GOOD.length - 1)),
        `${GOOD}${random.pick([',', '}', 'x', GOOD])}`,
        "{'text':'x'}",
        '{"text":"a\nb"}',
        '{"text":undefined}',
        '{"text":NaN}',
        '{text:"x"}',
        '[1,]',
        '//x\n{}',
        '\u0000',
        '\ufeff{"text":"x"}',
        '{"text":"x","count":1e999}',
      ]),
    ),
  'flipped bytes': (random) => {
    const bytes = Buffer.from(GOOD);
    for (let flips = 1 + random.below(6); flips > 0; flips--)
      bytes[random.below(bytes.length)] = random.below(256);
    return judged(bytes);
  },
  'random bytes': (random) => judged(random.bytes(random.below(64))),
  'JSON of 10,000 levels': (random) => {
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"text":', '}]'],
    ] as const);
    const inner = random.pick(['', '1', '"x"']);
    const middle = open === '[' ? inner : inner || '1';
    return { bytes: Buffer.from(open.repeat(10_000) + middle + close.repeat(10_000)), fit: 'not-json' };
  },
  'JSON of 10,000 levels inside a field': () => ({
    bytes: Buffer.from(`{"text":"x","deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
    fit: 'not-json',
  }),
  '`__proto__` and constructor keys': (random) =>
    text(
      random.pick([
        '{"text":"x","__proto__":{"polluted":true,"text":1}}',
        '{"__proto__":{"text":"x","polluted":true}}',
        '{"text":"x","constructor":{"prototype":{"polluted":true}}}',
        '{"text":"x","toString":"y","valueOf":1,"hasOwnProperty":null,"toJSON":"z","then":"w"}',
        '{"text":"x","__defineGetter__":1,"prototype":{"polluted":true}}',
        '{"text":"x","\\u005f_proto__":{"polluted":true}}',
      ]),
    ),
  'code as text': (random) =>
    text(
      JSON.stringify({
        text: random.pick([
          "constructor.constructor('globalThis.hostileRan = true')()",
          ['$', '{globalThis.hostileRan = true}'].join(''),
          '<script>globalThis.hostileRan = true</script>',
          "'); globalThis.hostileRan = true; ('",
          '{{constructor.constructor("globalThis.hostileRan = true")()}}',
        ]),
      }),
    ),
  'values of other kinds': (random) =>
    text(
      random.pick([
        '5',
        'true',
        '"text"',
        '[]',
        '{}',
        '[{"text":"x"}]',
        '{"text":5}',
        '{"text":null}',
        '{"text":{"text":"x"}}',
        '{"text":"x","count":1.5}',
        '{"text":"x","count":"3"}',
        '{"text":"x","count":[3]}',
        '{"Text":"x"}',
      ]),
    ),
  'unusual JSON that is right': (random) =>
    text(
      random.pick([
        ' \t\r\n{ "text" : "x" } ',
        '{"text":1,"text":"x"}',
        '{"text":"\\u0000"}',
        '{"text":"x","count":-0}',
        '{"text":"x","count":1e3}',
        '{"text":""}',
      ]),
    ),
  'half of a character': (random) =>
    text(
      random.pick([
        '{"text":"\\ud800"}',
        '{"text":"x\\uDFFFy"}',
        '{"text":"\\ude00\\ud83d"}',
        '{"text":"x","\\udc00":1}',
        '{"text":"x","deep":[{"more":"\\ud83dx"}]}',
        '{"text":"\\ud83d\\ude00"}',
      ]),
    ),
  'no payload, or null': (random) => text(random.pick(['', 'null'])),
  'a key of 100,000 characters': () => text(`{"${'k'.repeat(100_000)}":1}`),
};

/** Sent a few times only, for their size. */
export const LARGE_PAYLOADS: Readonly<Record<string, (largest: number) => HostilePayload | undefined>> = {
  'a list of a million lists': () => ({
    bytes: Buffer.from(`{"text":[${'[],'.repeat(999_999)}[]]}`),
    // More members than are read.
    fit: 'not-json',
  }),
  '15 MB that are no JSON': () => ({ bytes: Buffer.alloc(15_000_000, '['), fit: 'not-json' }),
  '50 MB': (largest) =>
    largest < 50_000_000 ? undefined : { bytes: Buffer.alloc(50_000_000, 'x'), fit: 'too-large' },
};

/** What these bytes are; independent of the code under test. */
function judged(bytes: Uint8Array): HostilePayload {
  return { bytes, fit: fitOf(bytes) };
}

function fitOf(bytes: Uint8Array): Fit {
  if (bytes.length > LARGEST) return 'too-large';
  if (bytes.length === 0) return 'empty';
  let value: unknown;
  try {
    // A byte order mark is no JSON.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return 'not-json';
  }
  if (depthOf(value) > DEEPEST || !holdsFinite(value) || !holdsWhole(value)) return 'not-json';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'misfit';
  const fields = new Map(Object.entries(value));
  const count = fields.get('count');
  const countFits = !fields.has('count') || (typeof count === 'number' && Number.isInteger(count));
  return typeof fields.get('text') === 'string' && countFits ? 'fits' : 'misfit';
}

/** Whether JavaScript can hold each of its numbers: `1e999` is read as Infinity. */
function holdsFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsFinite);
}

/** Whether UTF-8 can carry each of its texts and names: half of a character becomes another one. */
function holdsWhole(value: unknown): boolean {
  if (typeof value === 'string') return Buffer.from(value).toString() === value;
  return (
    typeof value !== 'object' ||
    value === null ||
    Object.entries(value).every((entry) => entry.every(holdsWhole))
  );
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
