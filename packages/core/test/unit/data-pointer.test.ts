import { expect, test } from 'vitest';
import type { MessageError } from '../../src/index.js';
import { bucketNameOf, decodeText, encodeDataPointer, parseDataPointer } from '../../src/internal.js';

const pointer = { url: 'http://127.0.0.1:9000', bucket: 'svc-ab', objectId: 'c4248493.json' };

test('a pointer goes out with the names of the protocol and comes back', () => {
  const payload = encodeDataPointer(pointer);
  expect(decodeText(payload)).toBe(
    '{"minio_url":"http://127.0.0.1:9000","minio_bucket":"svc-ab","minio_object_id":"c4248493.json"}',
  );
  expect(parseDataPointer(payload)).toEqual(pointer);
});

test.each([
  ['{}', ['minio_url', 'minio_bucket', 'minio_object_id']],
  ['{"minio_url":"","minio_bucket":5,"minio_object_id":"o"}', ['minio_url', 'minio_bucket']],
  ['[]', ['']],
  ['null', ['']],
  ['"text"', ['']],
])('%s is refused with every problem', (text, paths) => {
  let error: MessageError | undefined;
  try {
    parseDataPointer(new TextEncoder().encode(text));
  } catch (thrown) {
    error = thrown as MessageError;
  }
  expect(error?.code).toBe('PAYLOAD_INVALID');
  expect(error?.issues.map(({ path }) => path)).toEqual(paths);
});

test('a bucket is named after the service and the whole hierarchy', () => {
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'my-service' };
  expect(bucketNameOf(hierarchy)).toBe('my-ser-c7d02df07258196a8c4d19a2099c9bfef11e09d3c8662bad0754b3a6');
  expect(bucketNameOf({ ...hierarchy, subsystem: 'sub' })).toBe(
    'my-ser-8b612865908ac1d0f6b79d51671caa0c8e7de5cff378e6eb912dabcf',
  );
});
