// The examples of the Python SDK on the embedded broker: its services and clients with each other, and with our apps.
import { fileURLToPath } from 'node:url';
import { withUser } from '@intersect-sdk/app-harness';
import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE_MS } from '../../scripts/lib/patience.mjs';
import { Program } from '../../scripts/lib/program.mjs';
import { PythonProgram } from './support/python-program.js';

const apps = new URL('../../../apps/', import.meta.url);
/** Our counting client waits 20 seconds in all, our ping and pong services two before each event. */
const fastClock = new URL('fixtures/fast-clock.mjs', import.meta.url);
const hello = 'hello-organization.hello-facility.hello-system.hello-subsystem.hello-service';
const counter = 'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';

/** What the counting client asks, whether the counter runs in the answer, and the least that it has counted. */
const conversation = [
  ['start_count', true, 1],
  ['stop_count', false, 1],
  ['start_count', true, 2],
  ['reset_count', true, 2],
  ['reset_count', true, 1],
  ['start_count', true, 1],
  ['stop_count', false, 1],
] as const;
const greeting = ['Hello, hello_client!'];
const fourEvents = ['ping', 'pong', 'ping', 'pong'];
/** Each Python client also says that it has ended. */
const LINES_AT_A_BROKER = conversation.length + greeting.length + fourEvents.length + 3;

interface Answer {
  readonly source: unknown;
  readonly operation: unknown;
  readonly payload: unknown;
}

function checkConversation(answers: readonly Answer[]): void {
  expect(answers).toEqual(
    conversation.map(([operation, counting]) => {
      const state = { count: expect.any(Number), counting };
      const payload = operation === 'reset_count' ? state : { state, success: true };
      return { source: counter, operation: `CountingExample.${operation}`, payload };
    }),
  );
  const counts = answers.map(({ payload }) => /"count": ?(\d+)/.exec(JSON.stringify(payload))?.[1]);
  for (const [index, [, , least]] of conversation.entries()) {
    expect(Number(counts[index])).toBeGreaterThanOrEqual(least);
  }
}

/** Resolves when the services that answer requests have their subscriptions. */
function whenSubscribed(broker: DevBroker, limit: AbortSignal): Promise<void> {
  const missing = new Set([hello, counter].map((address) => `${address.replaceAll('.', '/')}/request`));
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Nobody subscribed to ${[...missing].join(' and ')} in time.`));
    limit.addEventListener('abort', late, { once: true });
    const stop = broker.onTraffic((event) => {
      if (event.type !== 'subscribed' || !missing.delete(event.filter) || missing.size > 0) return;
      stop();
      resolve();
    });
  });
}

/** One of our example programs, as it was built. */
function startApp(broker: DevBroker, app: string, program: string): Program {
  const file = fileURLToPath(new URL(`${app}/dist/${program}.js`, apps));
  const env = { INTERSECT_BROKER_URL: withUser(broker.url), NODE_OPTIONS: `--import=${fastClock}` };
  return new Program(file, { name: `${program} of ${app}`, env });
}

/** The lines that one of our clients printed. Throws when it didn't end in order and in time. */
async function linesOf(client: Program): Promise<string[]> {
  const patience = setTimeout(() => void client.kill(), PATIENCE_MS);
  const code = await client.ended;
  clearTimeout(patience);
  expect(code, client.output).toBe(0);
  return client.output.split('\n');
}

describeWithBroker('python', ({ interpreter }) => {
  const shown = { python: [] as unknown[][], ours: [] as unknown[][] };
  const printed = { hello: [] as string[], counting: [] as string[], pingPong: [] as string[] };

  beforeAll(async () => {
    // One for each pair of counting service and client, as the counter has one state.
    await using python = await startDevBroker({ port: 0 });
    await using mixed = await startDevBroker({ port: 0 });
    await using ours = await startDevBroker({ port: 0 });
    const limit = AbortSignal.timeout(PATIENCE_MS);
    const subscribed = Promise.all([python, mixed].map((broker) => whenSubscribed(broker, limit)));
    subscribed.catch(() => {});
    const credentials = { username: 'intersect_username', password: 'intersect_password' };
    const options = {
      interpreter,
      broker: { protocol: 'mqtt5.0', url: python.url, ...credentials },
    } as const;
    const pythonProgram = (script: string, { port }: DevBroker): PythonProgram =>
      new PythonProgram({ ...options, script, args: { also: `${port}` } });
    await using pythonClients = pythonProgram('example_clients.py', ours);
    await using pythonServices = pythonProgram('example_services.py', mixed);
    await using helloService = startApp(ours, 'hello-world', 'service');
    await using countingService = startApp(ours, 'counting', 'service');
    await using pingService = startApp(ours, 'ping-pong-events', 'ping-service');
    await using pongService = startApp(ours, 'ping-pong-events', 'pong-service');
    for (const service of [helloService, countingService, pingService, pongService]) {
      await service.line(/ is ready at /, limit);
    }
    await pythonServices.lines(1);
    await subscribed;

    pythonClients.write('start');
    await using helloClient = startApp(mixed, 'hello-world', 'client');
    await using countingClient = startApp(mixed, 'counting', 'client');
    await using pingPongClient = startApp(mixed, 'ping-pong-events', 'client');
    for (const [port, ...rest] of await pythonClients.lines(2 * LINES_AT_A_BROKER)) {
      (port === python.port ? shown.python : shown.ours).push(rest);
    }
    printed.hello = await linesOf(helloClient);
    printed.counting = await linesOf(countingClient);
    printed.pingPong = await linesOf(pingPongClient);
  });

  describe.each([
    ['a Python service', 'python'],
    ['our service', 'ours'],
  ] as const)('a Python client and %s', (_title, where) => {
    const shownBy = (example: string): unknown[] =>
      shown[where].filter(([name]) => name === example).map(([, what]) => what);

    test('hello world', () => expect(shownBy('hello')).toEqual([...greeting, 'ended']));

    test('counting', () => {
      const answers = shownBy('counting');
      expect(answers.pop()).toBe('ended');
      checkConversation(
        (answers as unknown[][]).map(([source, operation, hasError, payload]) => {
          expect(hasError).toBe(false);
          return { source, operation, payload };
        }),
      );
    });

    test('ping pong', () => expect(shownBy('ping-pong')).toEqual([...fourEvents, 'ended']));
  });

  describe('our client and a Python service', () => {
    test('hello world', () => expect(printed.hello).toEqual(greeting));

    test('counting', () => {
      // Four lines an answer, the last of them empty.
      const value = (line = ''): unknown => JSON.parse(line.slice(line.indexOf(':') + 1));
      checkConversation(
        conversation.map((_, index) => {
          const [source, operation, payload] = printed.counting.slice(index * 4);
          return { source: value(source), operation: value(operation), payload: value(payload) };
        }),
      );
      expect(printed.counting).toHaveLength(conversation.length * 4);
    });

    test('ping pong', () => expect(printed.pingPong).toEqual(fourEvents));
  });
});
