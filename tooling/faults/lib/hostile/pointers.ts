/** Where a stranger wants this program to look. */
export interface Lies {
  /** A server of his, or one that only this machine reaches. */
  readonly trap: string;
  /** The store that the program knows. */
  readonly store: string;
}

const OBJECT = '6f1c2f34-0000-4000-8000-000000000000.png';
const BUCKET = 'victim-7736f114ef69007e87927743aae65be4e526bbb153eb297828664653';

const LONG = 'a'.repeat(10_000);

const NAMES = [
  '..',
  '../other',
  '../../etc/passwd',
  'a/../../b',
  '..%2f..%2fb',
  '%2e%2e/b',
  '..\\b',
  '/b',
  '//b',
  'a/b',
  'a?versionId=1',
  'a?delete',
  'a#b',
  'a\r\nhost: b',
  'a\u0000',
  'a b',
  'é',
  '.',
  '',
  LONG,
] as const;

function urlsOf({ trap, store }: Lies): readonly string[] {
  const { host } = new URL(trap);
  const { host: known } = new URL(store);
  return [
    trap,
    `${trap}/`,
    `http://${known}@${host}`,
    `http://${host}/${known}`,
    `${store}.${host}`,
    `${store}@${host}`,
    `${store}/../../${host}`,
    `${store}#@${host}`,
    `//${host}`,
    host,
    'http://169.254.169.254',
    'http://localhost:1',
    'http://[::1]:1',
    'file:///etc/passwd',
    'data:text/plain,x',
    ` ${store}`,
    `${store}/`,
    store.toUpperCase(),
    LONG,
    '',
  ];
}

/** So many pointers, none of which may lead anywhere: the one after the other is wrong in its URL, its bucket, its object. */
export function* hostilePointers(count: number, lies: Lies): Generator<Uint8Array> {
  const urls = urlsOf(lies);
  const encoder = new TextEncoder();
  for (let number = 0; number < count; number++) {
    const turn = Math.floor(number / 3);
    const name = NAMES[turn % NAMES.length];
    // Each is another text, so that none is refused because it came before.
    const unlike = `${turn}-${OBJECT}`;
    const pointer = [
      { minio_url: urls[turn % urls.length], minio_bucket: BUCKET, minio_object_id: unlike },
      { minio_url: lies.store, minio_bucket: name, minio_object_id: unlike },
      { minio_url: lies.store, minio_bucket: BUCKET, minio_object_id: name },
    ][number % 3];
    yield encoder.encode(JSON.stringify(pointer));
  }
}
