// The example of the Python SDK whose data travel by reference: each of its halves with the other half of our app.
import { fileURLToPath } from 'node:url';
import { environmentOf, withUser } from '@intersect-sdk/app-harness';
import { fatesOf } from '@intersect-sdk/app-harness/data-fates';
import type { SeenMessage } from '@intersect-sdk/app-harness/known-traffic';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBrokers, type TestBrokers } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { PythonProgram } from './support/python-program.js';

const REQUESTS = 'hello-organization/hello-facility/hello-system/hello-subsystem/hello-service/request';
const app = new URL('../../../apps/hello-world-minio/dist/', import.meta.url);
const broker = {
  protocol: 'mqtt5.0',
  username: 'intersect_username',
  password: 'intersect_password',
} as const;

describeWithBrokers(['python', 's3'], ({ python: { interpreter }, s3: store }) => {
  test('each half greets the other, by reference, and nothing is left', async ({ signal: limit }) => {
    await using theirs = await startDevBroker({ port: 0 });
    await using ours = await startDevBroker({ port: 0 });
    const [sentAtTheirs, sentAtOurs] = [trafficOf(theirs), trafficOf(ours)];
    const listening = Promise.all([theirs, ours].map((at) => whenServed(at, limit)));
    listening.catch(() => {});
    await using python = new PythonProgram({
      interpreter,
      script: 'hello_minio_example.py',
      broker: { ...broker, url: theirs.url },
      args: { also: `${ours.port}` },
      store,
    });
    const service = startApp('service', ours, store);
    await using _service = service;
    await listening;

    await using client = startApp('client', theirs, store);
    python.write('start');
    expect(await client.ended, client.output).toBe(0);
    expect(client.output).toBe('Hello, hello_client!');
    expect(await python.lines(3)).toEqual([['READY'], ['Hello, hello_client!'], ['ended']]);
    expect(await service.stop(), service.output).toBe(0);

    const byReference = ['request by reference, deleted', 'answer by reference, deleted'];
    expect(await fatesOf(sentAtTheirs, store)).toEqual(byReference);
    expect(await fatesOf(sentAtOurs, store)).toEqual(byReference);
  });
});

function trafficOf(at: DevBroker): readonly SeenMessage[] {
  const traffic: SeenMessage[] = [];
  at.onTraffic((event) => {
    if (event.type !== 'published') return;
    traffic.push({ channel: event.topic, headers: event.headers, payload: event.payload() });
  });
  return traffic;
}

/** Resolves when a service listens for requests at the address of the example. */
function whenServed(at: DevBroker, limit: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Nobody subscribed to ${REQUESTS} in time.`));
    limit.addEventListener('abort', late, { once: true });
    at.onTraffic((event) => {
      if (event.type === 'subscribed' && event.filter === REQUESTS) resolve();
    });
  });
}

function startApp(program: 'service' | 'client', at: DevBroker, store: TestBrokers['s3']): Program {
  const env = environmentOf({ brokerUrl: withUser(at.url), store });
  return new Program(fileURLToPath(new URL(`${program}.js`, app)), { name: `our ${program}`, env });
}
