import { expect, test } from 'vitest';
import { FakeBroker, type Script } from '../support/fake-broker.js';
import { openLink, turn, Wanted } from '../support/links.js';

test('what others share is subscribed to again at once when the connection that left it has ended', async () => {
  const held: (() => void)[] = [];
  let unsubscribed = 0;
  const script: Script = {
    unsubscribe: (peer, { messageId = 0 }) => {
      const confirm = (): void => peer.send({ cmd: 'unsuback', messageId, granted: [0] });
      // The second one asks whether everything that was dealt out has come.
      if (++unsubscribed === 2) held.push(confirm);
      else confirm();
    },
  };
  await using broker = await FakeBroker.start({ script });
  await using open = await openLink({ port: broker.port });
  const shared = () => new Wanted('a', { retention: 'durable', shared: true });
  const before = shared();
  await open.link.subscribe(before);
  await open.link.unsubscribe(before);
  await broker.until('unsubscribe', 2);
  const subscribing = open.link.subscribe(shared());
  for (let turns = 0; turns < 5; turns++) await turn();
  // A broker would end the first one as soon as the second one connects, and the link would be lost with it.
  expect(broker.received('connect')).toHaveLength(2);
  held[0]?.();
  await subscribing;
  const [, first, second] = broker.peers;
  expect([first?.closed, second?.closed]).toEqual([true, false]);
  expect(second?.connect?.clientId).toBe(first?.connect?.clientId);
});
