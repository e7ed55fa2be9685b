// One trace through client and service of this SDK and a service of the Python SDK, and where it ends.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { telemetry } from '@intersect-sdk/telemetry';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { PythonProgram } from './support/python-program.js';
import { whenReachable } from './support/python-service.js';
import { removeServiceQueues } from './support/queues.js';
import { traceSvg } from './support/trace-picture.js';
import { startTracing } from './support/tracing.js';

/** Where `INTERSECT_WRITE_PICTURES=1` has the trace drawn, for the documents. */
const PICTURE = new URL('../../../docs/pictures/trace.svg', import.meta.url);

const Relay = defineCapability({
  name: 'Relay',
  operations: {
    shout: { request: Type.String(), response: Type.String() },
    ask_other: { request: Type.String() },
  },
});

const Probe = defineCapability({
  name: 'Probe',
  operations: {
    greet: { request: Type.String(), response: Type.String() },
    scan: { request: Type.String(), response: Type.String() },
  },
  events: { counted: { schema: Type.Integer() } },
});

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  const ways = [
    ['AMQP', () => amqpTransport({ url: amqpUrl, username, password }), 'amqp0.9.1', amqpUrl],
    ['MQTT', () => mqttTransport({ url: mqttUrl, username, password }), 'mqtt5.0', mqttUrl],
  ] as const;

  test.for(ways)(
    'a trace goes through a Python service, and a new one begins behind it: %s',
    async ([, transport, protocol, url], { signal }) => {
      await using tracing = await startTracing();
      const { provider, receiver } = tracing;
      const names = { ours: `ours-${randomUUID()}`, python: `relay-${randomUUID()}` };
      const addressOf = (name: string) => `interop-org.interop-fac.interop-sys.-.${name}`;
      const observers = [telemetry({ tracerProvider: provider })];
      const service: IntersectService = new IntersectService(
        [
          Probe.implement({
            greet: (name) => `Hello, ${name}!`,
            scan: (text, context) => service.capability(Relay, addressOf(names.python), context).shout(text),
          }),
        ],
        {
          hierarchy: {
            organization: 'interop-org',
            facility: 'interop-fac',
            system: 'interop-sys',
            service: names.ours,
          },
          brokers: [transport()],
          observers,
        },
      );
      await service.startup();
      await using relay = new PythonProgram({
        interpreter: python.interpreter,
        script: 'relay_service.py',
        broker: { protocol, url, username, password },
        args: { service: names.python, other: names.ours },
      });
      const client = new IntersectClient({ brokers: [transport()], observers });
      await client.startup();
      await relay.lines(1);
      await whenReachable(client, addressOf(names.python));
      const probe = client.capability(Probe, service.address);
      await provider.getTracer('experiment').startActiveSpan('experiment', async (span) => {
        expect(await probe.scan('louder')).toBe('LOUDER');
        span.end();
      });
      // Python asks `Probe.greet` of ours, some ten seconds after its start.
      await client.capability(Relay, addressOf(names.python)).ask_other('Ada');
      await expect
        .poll(
          async () => {
            signal.throwIfAborted();
            await tracing.flush();
            return receiver.spans.map(({ name }) => name);
          },
          { interval: 200 },
        )
        .toContain('process Probe.greet');
      const chain = ['experiment', 'send Probe.scan', 'process Probe.scan', 'send Relay.shout'].map((name) =>
        receiver.span(name),
      );
      const [experiment, asked, worked, nested] = chain;
      expect([asked?.parentSpanId, worked?.parentSpanId, nested?.parentSpanId]).toEqual([
        experiment?.spanId,
        asked?.spanId,
        worked?.spanId,
      ]);
      expect(new Set(chain.map(({ traceId }) => traceId)).size).toBe(1);
      expect(nested?.endMs).toBeLessThanOrEqual(worked?.endMs ?? 0);
      // The Python service passes no header on, so what it asks for is a beginning.
      const greeted = receiver.span('process Probe.greet');
      expect(greeted.parentSpanId).toBeUndefined();
      expect(greeted.traceId).not.toBe(receiver.span('send Relay.ask_other').traceId);
      if (process.env.INTERSECT_WRITE_PICTURES === '1' && protocol === 'amqp0.9.1')
        await writeFile(PICTURE, traceSvg(chain));
      await client.shutdown();
      await service.shutdown({ forget: true });
      await relay[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, addressOf(names.python), []);
    },
  );
});
