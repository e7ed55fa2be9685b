// An error that ends a wait says in its stack where the program waits.
import { type IntersectError, isIntersectError } from '@intersect-sdk/client';
import { expect, test } from 'vitest';
import { askingClient, message } from './conversing.js';
import { FakeService } from './fake-service.js';
import { thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

async function theUsersOwnFunction(work: () => Promise<unknown>): Promise<void> {
  await work();
}

test.each([
  ['request', (client) => client.request(message('fail'))],
  ['requestWithDetails', (client) => client.requestWithDetails(message('fail'))],
  ['a timeout', (client) => client.request(message('never'), { timeoutMs: 1 })],
  ['nobody there', (client) => client.request({ ...message('x'), destination: 'org.fac.sys.-.nobody' })],
  ['a signal', (client) => client.request(message('never'), { signal: AbortSignal.timeout(1) })],
  ['several at once', (client) => Promise.all([1, 2].map(() => client.request(message('fail'))))],
  ['a retry', (client) => client.request(message('fail'), { retry: { attempts: 2 }, idempotent: true })],
  ['what cannot be sent', (client) => client.request(message('fail', Number.NaN))],
] satisfies [string, (client: ReturnType<typeof askingClient>) => Promise<unknown>][])(
  '%s',
  async (_, ask) => {
    const never = () => new Promise<never>(() => {});
    await using _service = await FakeService.start(broker, { 'Fake.never': never });
    await using client = askingClient({ broker, reports }, {});
    await client.startup();
    const error = await thrownBy(() => theUsersOwnFunction(() => ask(client)));
    expect(isIntersectError(error)).toBe(true);
    const { stack = '', name, message: text } = error as IntersectError;
    expect(stack.startsWith(`${name}: ${text}`)).toBe(true);
    expect(stack).toContain('theUsersOwnFunction');
    expect(stack).toContain('stacks.test.ts');
  },
);

test('startup', async () => {
  broker.refuse(true);
  await using client = askingClient({ broker, reports }, {});
  const error = await thrownBy(() => theUsersOwnFunction(() => client.startup()));
  expect(error).toMatchObject({
    code: 'CONNECT_REFUSED',
    stack: expect.stringContaining('theUsersOwnFunction'),
  });
});
