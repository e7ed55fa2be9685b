import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { MIB, Stage, someBytes, streamOf, TOKEN } from '../support/stage.js';

const PART = 5 * MIB;
const bytes = someBytes(PART + 1_000);
const parts = [bytes.subarray(0, PART), bytes.subarray(PART)] as const;

async function begun(stage: Stage, query = ''): Promise<string> {
  const headers = { 'content-type': 'image/png' };
  const answer = await stage.ask(`/uploads${query}`, { method: 'POST', headers });
  expect(answer.status).toBe(201);
  return `/uploads/${((await answer.json()) as { upload: string }).upload}`;
}

async function send(
  stage: Stage,
  upload: string,
  { part, body }: { part: unknown; body: BodyInit | Uint8Array },
) {
  const { status } = await stage.ask(`${upload}?part=${part}`, { method: 'PUT', body: body as BodyInit });
  return status;
}

/** Without a socket, so that the page decides what the gateway has read by when. */
function firstPart(stage: Stage, upload: string, body: ReadableStream<Uint8Array>): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-length': String(parts[1].byteLength) };
  const init = { method: 'PUT', headers, body, duplex: 'half' } as RequestInit;
  return stage.server.gateway(new Request(`${stage.server.url}${upload}?part=1`, init));
}

const complete = (stage: Stage, upload: string) => stage.ask(upload, { method: 'POST' });

function stored(stage: Stage): Uint8Array[] {
  return [...stage.inner.objects.values()].map((kept) => kept.bytes);
}

describe('an upload in parts', () => {
  test('takes a part again whose answer did not arrive, and its bytes once', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage);
    for (const part of [1, 1]) expect(await send(stage, upload, { part, body: parts[0] })).toBe(204);
    for (const part of [2, 1, 2]) expect(await send(stage, upload, { part, body: parts[1] })).toBe(204);
    expect((await complete(stage, upload)).status).toBe(201);
    expect(stored(stage).map((kept) => Buffer.compare(kept, bytes))).toEqual([0]);
  });

  test('goes on after a part that was cut', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage);
    const socket = connect(stage.server.port, '127.0.0.1');
    const head = [
      `PUT /data${upload}?part=1 HTTP/1.1`,
      'host: x',
      `content-length: ${PART}`,
      `authorization: Bearer ${TOKEN}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\nonly this`);
    socket.resume();
    await once(socket, 'close');
    // While the gateway has not noticed the cut, it takes no other part.
    while ((await send(stage, upload, { part: 1, body: parts[0] })) !== 204);
    expect(await send(stage, upload, { part: 2, body: parts[1] })).toBe(204);
    expect((await complete(stage, upload)).status).toBe(201);
    expect(stored(stage).map((kept) => Buffer.compare(kept, bytes))).toEqual([0]);
  });

  test.each([
    { which: 'that does not come next', part: 3, body: parts[0], status: 400 },
    { which: 'without a number', part: '', body: parts[0], status: 400 },
    { which: 'of the number 0', part: 0, body: parts[0], status: 400 },
    { which: 'of half a number', part: 1.5, body: parts[0], status: 400 },
    { which: 'without bytes', part: 1, body: new Uint8Array(), status: 400 },
    { which: 'of more bytes than a part may have', part: 1, body: new Uint8Array(PART + 1), status: 413 },
    {
      which: 'of unknown length',
      part: 1,
      body: new Blob([parts[0] as BlobPart]).stream(),
      status: 411,
    },
  ])('refuses a part $which, and goes on', async ({ part, body, status }) => {
    await using stage = await Stage.set();
    const upload = await begun(stage);
    const init = { method: 'PUT', body, ...(body instanceof ReadableStream && { duplex: 'half' }) };
    expect((await stage.ask(`${upload}?part=${part}`, init as RequestInit)).status).toBe(status);
    expect(await send(stage, upload, { part: 1, body: parts[1] })).toBe(204);
    expect((await complete(stage, upload)).status).toBe(201);
    expect(stored(stage).map((kept) => Buffer.compare(kept, parts[1]))).toEqual([0]);
  });

  test('takes one part at a time', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage);
    let reading: () => void = () => {};
    const isRead = new Promise<void>((resolve) => {
      reading = resolve;
    });
    let page: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          page = controller;
        },
        pull: () => reading(),
      },
      { highWaterMark: 0 },
    );
    const first = firstPart(stage, upload, body);
    await isRead;
    expect((await firstPart(stage, upload, streamOf(parts[1]))).status).toBe(503);
    page?.enqueue(parts[1]);
    page?.close();
    expect((await first).status).toBe(204);
    expect((await complete(stage, upload)).status).toBe(201);
    expect(stored(stage).map((kept) => Buffer.compare(kept, parts[1]))).toEqual([0]);
  });

  test.each(['/uploads/none', '/uploads/..%2f..', '/uploads/'])(
    'that was not begun is not there: %s',
    async (upload) => {
      await using stage = await Stage.set();
      expect(await send(stage, upload, { part: 1, body: parts[1] })).toBe(404);
      expect((await complete(stage, upload)).status).toBe(404);
      expect((await stage.ask(upload, { method: 'DELETE' })).status).toBe(404);
    },
  );

  test('has an end: afterwards it is not there', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage);
    await send(stage, upload, { part: 1, body: parts[1] });
    expect((await complete(stage, upload)).status).toBe(201);
    expect((await complete(stage, upload)).status).toBe(404);
  });

  test('of fewer bytes than were said is not stored', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage, '?size=1001');
    await send(stage, upload, { part: 1, body: parts[1] });
    const failed = stage.inner.nextFailedPut();
    expect((await complete(stage, upload)).status).toBe(400);
    await failed;
    expect(stored(stage)).toEqual([]);
  });

  test('of more bytes than were said is not stored', async () => {
    await using stage = await Stage.set();
    const upload = await begun(stage, '?size=999');
    const failed = stage.inner.nextFailedPut();
    expect(await send(stage, upload, { part: 1, body: parts[1] })).toBe(400);
    await failed;
    expect((await complete(stage, upload)).status).toBe(404);
    expect(stored(stage)).toEqual([]);
  });

  test.each([
    ['the page gives it up', {}, (stage: Stage, upload: string) => stage.ask(upload, { method: 'DELETE' })],
    ['its next part does not come', { stallTimeoutMs: 50 }, () => {}],
    ['the gateway is closed', {}, (stage: Stage) => stage.server.gateway.close()],
  ])('leaves nothing in the store when %s', async (_name, options, end) => {
    await using stage = await Stage.set(options);
    const failed = stage.inner.nextFailedPut();
    const upload = await begun(stage);
    await send(stage, upload, { part: 1, body: parts[1] });
    await end(stage, upload);
    await failed;
    expect(stored(stage)).toEqual([]);
    expect([404, 503]).toContain((await complete(stage, upload)).status);
  });

  test('is given up when not even its first part comes', async () => {
    await using stage = await Stage.set({ stallTimeoutMs: 50 });
    const failed = stage.inner.nextFailedPut();
    const upload = await begun(stage);
    await failed;
    expect((await complete(stage, upload)).status).toBe(404);
  });

  test('is refused while too many are open, and taken when one has ended', async () => {
    await using stage = await Stage.set({ maxUploads: 2 });
    const [first] = [await begun(stage), await begun(stage)];
    const refused = await stage.ask('/uploads', { method: 'POST', headers: { 'content-type': 'image/png' } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await stage.ask(first, { method: 'DELETE' });
    await begun(stage);
  });

  test('ends with the error of a store that fails, and is not held any more', async () => {
    await using stage = await Stage.set({ maxUploads: 1 });
    stage.inner.onChunk = () => {
      throw new Error('the disk of inner-host is full');
    };
    const upload = await begun(stage);
    const failed = stage.inner.nextFailedPut();
    await send(stage, upload, { part: 1, body: parts[0] });
    await failed;
    const answer = await stage.ask(`${upload}?part=2`, { method: 'PUT', body: parts[1] as BodyInit });
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { code: 'DATA_STORE_AWAY', message: expect.not.stringContaining('inner-host') },
    ]);
    stage.inner.onChunk = () => {};
    await begun(stage);
  });
});
