import { encodeUserspaceHeaders, newId, nowIso, responseChannel, TransportError } from '@intersect-sdk/core';
import {
  BrokerGroup,
  type CheckedRequest,
  DataPlane,
  Observers,
  type Report,
  Requester,
  WIRE_0_9,
} from '@intersect-sdk/messaging';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const SOURCE = 'org.fac.sys.-.asker';
const SERVICE = 'org.fac.sys.-.svc';

const request: CheckedRequest = {
  destination: SERVICE,
  operation: 'Cap.do',
  contentType: 'application/json',
  dataHandler: 'MESSAGE',
  payload: Buffer.from('1'),
};

let reports: Report[];
let group: BrokerGroup;
let requester: Requester;
let receiver: ReturnType<typeof memoryTransport>;
let onRequest: (requestId: string) => void;

beforeEach(async () => {
  reports = [];
  const broker = new MemoryBroker();
  const onReport = (one: Report): void => void reports.push(one);
  const observers = new Observers({ wire: WIRE_0_9, observers: [{ onReport }] });
  const session = { id: 'test', keepForMs: 1000, keepAfterClose: false };
  group = new BrokerGroup([memoryTransport(broker)], { session, observers });
  await group.connect();
  requester = new Requester({
    wire: WIRE_0_9,
    brokers: group,
    source: SOURCE,
    campaignId: newId(),
    observers,
    data: new DataPlane({
      dataStores: [],
      storeFor: () => Promise.reject(new Error('this test has no data store')),
      owner: SOURCE,
      maxDataBytes: 1_000,
      offloadAboveBytes: undefined,
      keepData: false,
      waitMs: 1,
      report: observers.report,
    }),
  });
  receiver = memoryTransport(broker);
  await receiver.connect();
  onRequest = () => {};
  await receiver.subscribe(`${SERVICE.replaceAll('.', '/')}/request`, ({ headers }) =>
    onRequest(headers.request_id ?? ''),
  );
});

afterEach(async () => {
  await Promise.all([group.drain(10), receiver.close()]);
});

function answer(
  requestId: string,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return receiver.publish({
    channel: responseChannel(SOURCE),
    contentType: 'application/json',
    payload: Buffer.from(json),
    headers: {
      ...encodeUserspaceHeaders({
        messageId: newId(),
        campaignId: newId(),
        requestId,
        source: SERVICE,
        destination: SOURCE,
        createdAt: nowIso(),
        sdkVersion: '0.9.6',
        operationId: 'Cap.do',
        dataHandler: 'MESSAGE',
        state: 'complete',
      }),
      ...headers,
    },
  });
}

describe('a request', () => {
  test('before start: NOT_CONNECTED', async () => {
    await expect(requester.request(request)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });

  test('takes the id that it was given, and matches answers of any order by it', async () => {
    await requester.start('session');
    const ids: string[] = [];
    onRequest = (requestId) => {
      ids.push(requestId);
      if (ids.length === 3) for (const id of [...ids].reverse()) void answer(id, `"${id}"`);
    };
    const given = [newId(), newId(), newId()];
    const answers = await Promise.all(given.map((requestId) => requester.request({ ...request, requestId })));
    expect(ids).toEqual(given);
    expect(answers.map(({ payload }) => payload)).toEqual(given);
    expect(requester.pending).toBe(0);
  });

  test('has the bytes of its answer, and lost digits are reported once', async () => {
    await requester.start('session');
    const text = '{"count":9007199254740993}';
    onRequest = (id) => void answer(id, text);
    const first = await requester.request(request);
    await requester.request(request);
    expect(Buffer.from(first.bytes).toString()).toBe(text);
    expect(first.payload).toEqual({ count: 9007199254740992 });
    expect(reports).toEqual([
      expect.objectContaining({ kind: 'digits-lost', operation: 'Cap.do', source: SERVICE }),
    ]);
    expect(JSON.stringify(reports)).not.toContain('90071992547409');
  });

  test('an answer with the id in capitals is the answer', async () => {
    await requester.start('session');
    onRequest = (requestId) => void answer(requestId.toUpperCase(), '1');
    expect((await requester.request(request)).payload).toBe(1);
  });

  test('that no broker could take in its time says so, and that it may have been taken', async () => {
    await requester.start('session');
    const busy = new TransportError(
      'BROKER_BUSY',
      'A queue is full. It may have taken the message all the same.',
    );
    const ids = new Set<unknown>();
    const publish: BrokerGroup['publishToOne'] = async (
      { headers },
      { onBusy, onHandedOver, timeoutMs = 0 },
    ) => {
      ids.add(headers.message_id);
      onHandedOver?.();
      for (let nextTry = 2; nextTry < 5; nextTry++) onBusy?.(busy, nextTry);
      await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      throw busy;
    };
    Object.assign(group, { publishToOne: publish });
    await expect(requester.request(request, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
      mayHaveRun: true,
      cause: busy,
      message: expect.stringMatching(/again and again.*within 20 ms.*may have taken the message/),
    });
    expect(ids.size).toBe(1);
  });

  test('REMOTE_ERROR keeps the ids and what was asked', async () => {
    await requester.start('session');
    const requestId = newId();
    onRequest = () => void answer(requestId, 'no beam', { has_error: 'true' });
    await expect(requester.request({ ...request, requestId })).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
      message: 'no beam',
      requestId,
      destination: SERVICE,
      operation: 'Cap.do',
    });
  });

  test('told of the broker before the answer, and once, even where the answer is faster', async () => {
    await requester.start('session');
    const steps: string[] = [];
    const publish = group.publishToOne.bind(group);
    let confirm!: () => void;
    const confirmation = new Promise<void>((resolve) => {
      confirm = resolve;
    });
    group.publishToOne = async (message, options) => {
      await publish(message, { ...options, signal: undefined });
      await confirmation;
    };
    onRequest = (requestId) => void answer(requestId, '1');
    const response = await requester.request(request, { onAccepted: () => steps.push('accepted') });
    steps.push('answered');
    confirm();
    await new Promise(setImmediate);
    expect(response.payload).toBe(1);
    expect(steps).toEqual(['accepted', 'answered']);
  });

  test('leaves no listener behind, and no timer that keeps a program from ending', async () => {
    await requester.start('session');
    const before = timersThatKeep();
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const during = new Promise<number>((resolve) => {
      onRequest = (requestId) => {
        resolve(timersThatKeep());
        void answer(requestId, '1');
      };
    });
    await requester.request(request, { signal });
    expect(await during).toBeGreaterThan(before);
    expect(timersThatKeep()).toBe(before);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe('all requests', () => {
  test('idle resolves when the last one has ended, however', async () => {
    await requester.start('session');
    await requester.idle();
    const abort = new AbortController();
    const ids: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      onRequest = (requestId) => ids.push(requestId) === 2 && resolve();
    });
    const one = requester.request(request);
    const two = requester.request(request, { signal: abort.signal });
    await arrived;
    const idle = vi.fn();
    void requester.idle().then(idle);
    await answer(ids[0] ?? '', '1');
    await one;
    expect(idle).not.toHaveBeenCalled();
    abort.abort();
    await expect(two).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await requester.idle();
    expect(idle).toHaveBeenCalledOnce();
  });

  test('abortAll ends each with the reason and the cause', async () => {
    await requester.start('session');
    const cause = new Error('gone');
    const outcomes = Promise.allSettled([requester.request(request), requester.request(request)]);
    requester.abortAll('the tests are over.', cause);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: { code: 'REQUEST_ABORTED', cause } });
      expect((outcome as PromiseRejectedResult).reason.message).toContain('the tests are over.');
    }
    expect(requester.pending).toBe(0);
  });
});

describe('a message that nobody waits for an answer to', () => {
  test('resolves when a broker has it', async () => {
    const arrived = new Promise<string>((resolve) => {
      onRequest = resolve;
    });
    await requester.tell(request);
    expect(await arrived).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('UNROUTABLE where nobody takes it', async () => {
    const telling = requester.tell({ ...request, destination: 'org.fac.sys.-.nobody' });
    await expect(telling).rejects.toMatchObject({ code: 'UNROUTABLE' });
  });
});

function timersThatKeep(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
