// The data plane of the Python SDK and this one at the same store: what each writes, the other reads.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { addressOf } from '@intersect-sdk/core';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { bytesOf, newOwner, signal, someBytes, storeAt } from './support.js';

const program = fileURLToPath(new URL('python_data_plane.py', import.meta.url));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const extensionOf = (name: string) => name.slice(name.lastIndexOf('.'));

interface PythonPointer {
  readonly minio_url: string;
  readonly minio_bucket: string;
  readonly minio_object_id: string;
}

for (const need of ['s3', 'minio'] as const) {
  describeWithBrokers([need, 'python'], (found) => {
    const server = found[need];
    const hierarchyOf = (owner: string) => {
      const [organization, facility, system, , service] = owner.split('.');
      return { organization, facility, system, service };
    };

    test.each([
      ['application/json', new TextEncoder().encode('{"temperature": 21.5}')],
      ['image/png', someBytes(900_001)],
      ['application/octet-stream', new Uint8Array()],
    ])('%s goes both ways, and both name the bucket and the store alike', async (contentType, data) => {
      const store = storeAt(server);
      const owner = newOwner();
      const theirs = await python<PythonPointer>({
        do: 'put',
        data: Buffer.from(data).toString('base64'),
        content_type: contentType,
        hierarchy: hierarchyOf(owner),
      });
      const ours = await store.put({ body: data, contentType, owner }, { signal });
      expect(theirs).toMatchObject({ minio_url: ours.url, minio_bucket: ours.bucket });
      expect(extensionOf(ours.objectId)).toBe(extensionOf(theirs.minio_object_id));

      const read = await store.get(
        { url: theirs.minio_url, bucket: theirs.minio_bucket, objectId: theirs.minio_object_id },
        { signal },
      );
      expect(read).toMatchObject({ contentType, size: data.byteLength });
      expect(sha256(await bytesOf(read.body))).toBe(sha256(data));

      const pointer = {
        minio_url: ours.url,
        minio_bucket: ours.bucket,
        minio_object_id: ours.objectId,
      };
      const got = await python<string>({ do: 'get', pointer });
      expect(sha256(Buffer.from(got, 'base64'))).toBe(sha256(data));
      // Python deletes what it reads.
      await expect(store.get(ours, { signal })).rejects.toMatchObject({ code: 'DATA_GONE' });
    });

    test('a subsystem is part of the name of the bucket', async () => {
      const hierarchy = {
        organization: 'test-org',
        facility: 'test-fac',
        system: 'test-sys',
        subsystem: 'test-sub',
        service: 'sub-service',
      };
      const order = { do: 'put', data: '', content_type: 'text/plain', hierarchy };
      const theirs = await python<PythonPointer>(order);
      const data = { body: new Uint8Array(), contentType: 'text/plain', owner: addressOf(hierarchy) };
      expect((await storeAt(server).put(data, { signal })).bucket).toBe(theirs.minio_bucket);
    });

    async function python<T>(order: object): Promise<T> {
      const { hostname, port } = new URL(server.url);
      const { username, password } = server;
      const store = { host: `http://${hostname}`, port: Number(port), username, password };
      const child = spawn(found.python.interpreter, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.end(JSON.stringify({ store, ...order }));
      const chunks: Buffer[] = [];
      for await (const chunk of child.stdout) chunks.push(chunk);
      return JSON.parse(Buffer.concat(chunks).toString());
    }
  });
}
