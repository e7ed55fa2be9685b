// What RabbitMQ's management API shows: services before they say anything, and queues that nobody takes anything from.
import { queueNameOf, requestChannel } from '@intersect-sdk/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ServiceDirectory, watchServices } from '../../src/index.js';
import { FakeClient } from './fake-client.js';

const ADDRESS = 'org.fac.sys.-.stage';
const SCHEMA = { info: { title: ADDRESS } };

interface Row {
  readonly address: string;
  readonly consumers: number;
  readonly queue?: string;
  readonly exchange?: string;
}

let rows: Row[];
let status: number;
let asked: { path: string; authorization: string | undefined }[];
let client: FakeClient;
let problems: string[];
let directory: ServiceDirectory;

/** As RabbitMQ 4 answers, with the fields that matter here and some more. */
const fakeFetch: typeof fetch = async (target, { headers } = {}) => {
  const { pathname, search } = new URL(String(target));
  asked.push({
    path: `${pathname}${search}`,
    authorization: new Headers(headers).get('authorization') ?? undefined,
  });
  if (status !== 200) return new Response('{"error":"not_authorised"}', { status });
  const queueOf = ({ queue, address }: Row): string => queue ?? queueNameOf(requestChannel(address));
  if (pathname.startsWith('/api/queues/')) {
    return Response.json(rows.map((row) => ({ name: queueOf(row), consumers: row.consumers })));
  }
  const exchange = pathname.split('/')[4];
  const of = rows.filter((row) => (row.exchange ?? 'intersect-messages') === exchange);
  if (of.length === 0) return new Response('{"error":"Object Not Found"}', { status: 404 });
  return Response.json(
    of.map((row) => ({
      source: exchange,
      vhost: '/',
      destination: queueOf(row),
      destination_type: 'queue',
      routing_key: `${row.address}.request`,
    })),
  );
};

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const now = () => directory.services.get(ADDRESS);

beforeEach(() => {
  vi.useFakeTimers();
  rows = [];
  status = 200;
  asked = [];
  problems = [];
  client = new FakeClient();
  directory = watchServices(client, {
    rabbitManagement: { url: 'http://rabbit:15672', username: 'Zoë', password: 'p', fetch: fakeFetch },
    onProblem: ({ message }) => problems.push(message),
  });
});
afterEach(async () => {
  await directory.stop();
  vi.useRealTimers();
});

test('shows a service before it says anything, with its instances, and it is asked what it can do', async () => {
  client.schemas.set(ADDRESS, SCHEMA);
  rows = [{ address: ADDRESS, consumers: 2 }];
  await pass(5_000);
  expect(now()).toMatchObject({ state: 'up', foundBy: 'management', instances: 2, schema: SCHEMA });
  const authorization = `Basic ${Buffer.from('Zoë:p').toString('base64')}`;
  expect(asked[0]).toEqual({ path: '/api/queues/%2F?columns=name,consumers', authorization });
  expect(problems).toEqual([]);
});

test('shows one over MQTT, and takes no watcher for a service', async () => {
  rows = [
    { address: ADDRESS, consumers: 1, queue: 'mqtt-subscription-intersect-aqos1', exchange: 'amq.topic' },
    { address: 'org.fac.sys.-.gone', consumers: 1, queue: 'amq.gen-watcher' },
    { address: '*.*.*.*.*', consumers: 1, queue: 'amq.gen-all' },
  ];
  await pass(5_000);
  expect([...directory.services.keys()]).toEqual([ADDRESS]);
});

test('a queue that loses its consumer makes its service silent, once what was counted is newer than what was seen', async () => {
  rows = [{ address: ADDRESS, consumers: 1 }];
  await pass(5_000);
  client.there.set(ADDRESS, 'up');
  rows = [{ address: ADDRESS, consumers: 0 }];
  await pass(5_000);
  expect(now()).toMatchObject({ state: 'up', instances: 0 });
  client.there.set(ADDRESS, 'silent');
  await pass(5_000);
  expect(now()?.state).toBe('silent');
  rows = [{ address: ADDRESS, consumers: 1 }];
  client.there.set(ADDRESS, 'up');
  await pass(15_000);
  expect(now()?.state).toBe('up');
});

test('a queue that never had a consumer is a service that is not there', async () => {
  rows = [{ address: ADDRESS, consumers: 0 }];
  await pass(5_000);
  expect(now()).toMatchObject({ state: 'silent', foundBy: 'management', lastSeenMs: undefined });
});

test('one that has just started and is not counted yet is up, because it answers', async () => {
  client.there.set(ADDRESS, 'up');
  rows = [{ address: ADDRESS, consumers: 0 }];
  await pass(5_000);
  expect(now()).toMatchObject({ state: 'up', foundBy: 'management' });
});

test('where nobody may be asked, it is up when it is counted', async () => {
  await directory.stop();
  directory = watchServices(client, {
    rabbitManagement: { url: 'http://rabbit:15672', username: 'Zoë', password: 'p', fetch: fakeFetch },
    asks: false,
  });
  rows = [{ address: ADDRESS, consumers: 0 }];
  await pass(5_000);
  expect(now()).toMatchObject({ state: 'silent', instances: 0 });
  rows = [{ address: ADDRESS, consumers: 1 }];
  await pass(15_000);
  expect(now()).toMatchObject({ state: 'up', instances: 1 });
  expect(client.asked).toEqual([]);
});

test('a service that said goodbye is down, although it is counted for some seconds more, and up when it is back', async () => {
  rows = [{ address: ADDRESS, consumers: 1 }];
  await pass(5_000);
  client.tell(ADDRESS, 'LCT_SHUTDOWN', 'bye');
  await pass(5_000);
  expect(now()?.state).toBe('down');
  rows = [{ address: ADDRESS, consumers: 0 }];
  await pass(30_000);
  expect(now()?.state).toBe('down');
  rows = [{ address: ADDRESS, consumers: 1 }];
  await pass(10_000);
  expect(now()?.state).toBe('up');
});

test('one of two instances says goodbye: the other one answers', async () => {
  rows = [{ address: ADDRESS, consumers: 2 }];
  client.there.set(ADDRESS, 'up');
  await pass(5_000);
  client.tell(ADDRESS, 'LCT_SHUTDOWN', null);
  await pass(0);
  expect(now()?.state).toBe('up');
});

test('an API that refuses is told with what to do, without the password, and read again', async () => {
  status = 401;
  await pass(5_000);
  expect(problems[0]).toMatch(/^rabbit:15672 answered 401 .*Check url, username and password/);
  expect(problems.join()).not.toMatch(/Zoë|:p@/);
  status = 200;
  rows = [{ address: ADDRESS, consumers: 1 }];
  await pass(5_000);
  expect(now()?.state).toBe('up');
});
