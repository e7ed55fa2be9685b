// A request that its caller ends, on a broker in memory.
import { encodeUserspaceHeaders, newId, nowIso, responseChannel } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { ADDRESS, type Scanning, startScanning } from '../support/scanning.js';

const ask = (operation: string, payload?: unknown) => ({
  destination: ADDRESS,
  operation: `Scanner.${operation}`,
  payload,
});

const refused = (scanning: Scanning) => scanning.service.health().requests.refused;

describe('an aborted signal', () => {
  test('stops the handler, and its answer surprises nobody', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const aborter = new AbortController();
    const holding = client.request(ask('hold', 'one'), { signal: aborter.signal });
    await log.has('one began');
    await vi.waitUntil(() => scanning.parts().includes('taken'));
    aborter.abort();
    await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED', mayHaveRun: true });
    await log.has('one stopped');
    await vi.waitUntil(() => refused(scanning) === 1);
    expect(await client.request(ask('quick'))).toBe('quick');
    expect(scanning.reports).toMatchObject([{ kind: 'request-refused', reason: 'cancelled' }]);
    const answer = scanning.messages.find(({ headers }) => headers.has_error === 'true');
    expect(Buffer.from(answer?.payload ?? []).toString()).toBe(
      'Operation Scanner.hold was cancelled by its caller.',
    );
  });

  test('before the service has said that it has the request stops it then', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const aborter = new AbortController();
    const holding = client.request(ask('hold', 'one'), {
      signal: aborter.signal,
      onAccepted: () => aborter.abort(),
    });
    await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await log.has('one stopped');
  });

  test('takes a request that waits out of the line, and no other', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const first = new AbortController();
    const second = new AbortController();
    const holding = client.request(ask('hold', 'one'), { signal: first.signal });
    await log.has('one began');
    const waiting = client.request(ask('hold', 'two'), { signal: second.signal });
    const last = client.request(ask('quick'));
    await vi.waitUntil(() => scanning.parts().length === 2);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await vi.waitUntil(() => refused(scanning) === 1);
    expect(scanning.service.health().requests).toMatchObject({ inFlight: 2, running: 1 });
    first.abort();
    await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    expect(await last).toBe('quick');
    expect(log.lines).toEqual(['one began', 'one stopped']);
    expect(scanning.service.health().requests).toMatchObject({ inFlight: 0, running: 0 });
  });

  test('is told to a handler that goes on, whose answer nobody waits for', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const aborter = new AbortController();
    const insisting = client.request(ask('insist'), { signal: aborter.signal });
    await log.has('insist began');
    await vi.waitUntil(() => scanning.parts().includes('taken'));
    aborter.abort();
    await expect(insisting).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await log.has('insist was told');
    log.insisting?.();
    expect(await client.request(ask('quick'))).toBe('quick');
    expect(scanning.service.health().requests).toMatchObject({ answered: 2, refused: 0 });
    expect(scanning.reports).toEqual([]);
  });

  test('before anything is sent sends nothing', async () => {
    await using scanning = await startScanning();
    const { client } = scanning;
    const signal = AbortSignal.abort();
    await expect(client.request(ask('quick'), { signal })).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await expect(client.stream(ask('count'), { signal }).next()).rejects.toMatchObject({
      code: 'REQUEST_ABORTED',
    });
    expect(scanning.messages.filter(({ channel }) => channel.endsWith('/request'))).toEqual([]);
  });

  test('of a stream ends it at once, with what was not read', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const aborter = new AbortController();
    const stream = client.stream(ask('count'), { signal: aborter.signal });
    await stream.next();
    await vi.waitUntil(() => log.given === 64);
    aborter.abort(new Error('enough'));
    await expect(stream.next()).rejects.toMatchObject({
      code: 'REQUEST_ABORTED',
      cause: { message: 'enough' },
    });
    await log.has('count ended');
  });
});

describe('what ends with its program', () => {
  test('is a stream, and not a request', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const stream = client.stream(ask('count'));
    await stream.next();
    await client.shutdown();
    await log.has('count ended');
    await expect(stream.toArray()).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await client.startup();
    const insisting = client.request(ask('insist'), { onProgress: () => {} });
    insisting.catch(() => {});
    await log.has('insist began');
    await vi.waitUntil(() => scanning.parts().at(-1) === 'taken');
    const told = scanning.controls().length;
    await client.shutdown();
    expect(scanning.controls()).toHaveLength(told);
  });
});

describe('a control message', () => {
  const control = (kind: string, more: Record<string, string> = {}) => ({
    channel: responseChannel(ADDRESS),
    payload: Buffer.from('null'),
    contentType: 'application/json',
    headers: {
      ...encodeUserspaceHeaders({
        messageId: newId(),
        campaignId: newId(),
        requestId: newId(),
        source: 'org.fac.sys.-.asker',
        destination: ADDRESS,
        createdAt: nowIso(),
        sdkVersion: '0.9.6',
        operationId: 'Scanner.hold',
        dataHandler: 'MESSAGE',
        state: 'complete',
      }),
      'x-intersect-control': kind,
      ...more,
    },
  });

  test('about a request of another instance is dropped, and a wrong one reported', async () => {
    await using scanning = await startScanning();
    const sender = memoryTransport(scanning.broker);
    await sender.connect();
    await sender.publish(control('cancel'));
    await sender.publish(control('credit', { 'x-intersect-seq': '5' }));
    await sender.publish(control('resend', { 'x-intersect-seq': '5' }));
    expect(await scanning.client.request(ask('quick'))).toBe('quick');
    expect(scanning.reports).toEqual([]);
    await sender.publish(control('pause'));
    await sender.publish(control('credit', { 'x-intersect-seq': '-1' }));
    await sender.publish(control('cancel', { destination: 'org.fac.sys.-.other' }));
    await sender.publish(control('cancel', { request_id: 'x' }));
    await sender.close();
    await vi.waitUntil(() => scanning.reports.length === 4);
    expect(scanning.reports.map(({ kind, code }) => [kind, code])).toEqual(
      Array.from({ length: 4 }, () => ['message-refused', 'HEADERS_INVALID']),
    );
  });

  test('of somebody else about a request changes nothing', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    const aborter = new AbortController();
    let requestId = '';
    const holding = client.request(ask('hold', 'one'), {
      signal: aborter.signal,
      onAccepted: (accepted) => {
        requestId = accepted.requestId;
      },
    });
    holding.catch(() => {});
    await log.has('one began');
    const sender = memoryTransport(scanning.broker);
    await sender.connect();
    await sender.publish(control('cancel', { request_id: requestId }));
    await sender.close();
    expect((await client.ping(ADDRESS)).state).toBe('up');
    expect(log.lines).toEqual(['one began']);
    aborter.abort();
    await log.has('one stopped');
  });
});
