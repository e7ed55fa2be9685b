// Pointers of strangers: to other hosts, out of the bucket, and 10,000 of them. Nobody is visited for them, and nothing is deleted.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  encodeEventHeaders,
  encodeUserspaceHeaders,
  eventChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  requestChannel,
  responseChannel,
} from '@intersect-sdk/core';
import { encodeDataPointer } from '@intersect-sdk/core/internal';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { DataPair } from '../lib/data-pair.js';
import { record } from '../lib/fault-table.js';
import { hostilePointers } from '../lib/hostile/pointers.js';
import { MIB } from '../lib/large-data.js';
import { removeServiceQueues } from '../lib/manage.js';
import { ownStore, storeBy } from '../lib/own-store.js';
import { protocols } from '../lib/protocols.js';
import { until } from '../lib/waiting.js';

const POINTERS = 10_000;
const AT_ONCE = 200;
const PATIENCE_MS = 120_000;
const contentType = 'application/octet-stream';

/** A server that counts who comes. */
async function openTrap() {
  let visits = 0;
  const server = createServer((_, response) => response.end());
  server.on('connection', () => visits++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits: () => visits,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test.for(protocols)('$name: pointers of strangers', async (protocol, context) => {
    await using own = await ownStore(context);
    await using trap = await openTrap();
    await using proxy = await FaultProxy.to(own.server.url);
    const store = storeBy(proxy, own.server);
    const transport = () => protocol.transport({ url: protocol.urlOf(rabbitmq), username, password });
    const pair = new DataPair({ transport, client: store, service: store });
    await pair.start();
    await using stranger = transport();
    await stranger.connect();
    const asker = `fault-org.fault-fac.fault-sys.-.stranger-${randomUUID()}`;
    const destination = pair.service.address;
    const answers: string[] = [];
    const onAnswer = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): void =>
      void answers.push(headers.has_error ?? '');
    await stranger.subscribe(responseChannel(asker), onAnswer, { concurrency: AT_ONCE });
    const events = pair.client.events({
      hierarchy: asker,
      capabilityName: 'Turning',
      eventName: 'turned',
    });
    await events.ready;
    const said = {
      messageId: '',
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      dataHandler: 'MINIO',
    } as const;
    const requestHeaders = (toWhom: string) =>
      encodeUserspaceHeaders({
        ...said,
        messageId: newId(),
        campaignId: newId(),
        requestId: newId(),
        source: asker,
        destination: toWhom,
        operationId: 'Turning.turn',
        state: 'complete',
      });
    const send = (channel: string, payload: Uint8Array, headers: Record<string, string>): Promise<void> =>
      stranger.publish({ channel, contentType, payload, headers });

    // Each goes to the service as an argument, and to the client as an event.
    let sent = 0;
    const underWay = new Set<Promise<unknown>>();
    for (const payload of hostilePointers(POINTERS, { trap: trap.url, store: store.url })) {
      const event = {
        ...said,
        messageId: newId(),
        source: asker,
        capabilityName: 'Turning',
        eventName: 'turned',
      };
      const both = Promise.all([
        send(requestChannel(destination), payload, requestHeaders(destination)),
        send(eventChannel(asker, 'Turning', 'turned'), payload, encodeEventHeaders(event)),
      ]).finally(() => underWay.delete(both));
      underWay.add(both);
      sent++;
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    const refused = (kind: string): number => pair.reports.filter((told) => told.startsWith(kind)).length;
    await until('all were answered', () => answers.length === sent, PATIENCE_MS);
    await until('all events were refused', () => refused('message-refused') === sent, PATIENCE_MS);
    const visits = { trap: trap.visits(), store: proxy.accepted };
    await events.return?.();

    // An answer that nobody asked for, and data of somebody else, which stay where they are.
    const { signal } = new AbortController();
    const owner = `fault-org.fault-fac.fault-sys.-.victim-${randomUUID().slice(0, 8)}`;
    const body = new Uint8Array(1_000);
    const theirs = await store.put({ body, contentType, owner }, { signal });
    await send(
      responseChannel(pair.client.address),
      encodeDataPointer(theirs),
      requestHeaders(pair.client.address),
    );
    await until('the answer was refused', () => refused('response-refused') === 1);
    // And they still do their work.
    await pair.ask(MIB);
    await pair.end();
    const victims = await own.left(owner);
    await removeServiceQueues(rabbitmq, destination);

    expect(visits).toEqual({ trap: 0, store: 0 });
    expect(answers.every((hasError) => hasError === 'true')).toBe(true);
    expect(refused('request-refused')).toBe(sent);
    expect(victims).toEqual([body.byteLength]);
    expect([pair.right, pair.errors]).toEqual([1, []]);
    record({
      fault: `data store: ${POINTERS.toLocaleString('en')} pointers to other hosts, out of the bucket and out of the store`,
      role: 'client and service',
      protocol: protocol.name,
      promise:
        'each is refused and told, nobody is visited for it; what an answer points at that nobody asked for is not deleted',
      counted: [
        `${answers.length} of ${sent} requests answered by an error, ${refused('message-refused')} of ${sent} events refused;`,
        `${visits.trap} visits of another host, ${visits.store} of the store; ${victims.length} of 1 object of others still there`,
      ].join(' '),
    });
  });
});
