// Who watches disturbs nobody: an address where no service is stays one where no service is, and what is said between others is seen.
import { randomUUID } from 'node:crypto';
import { IntersectClient, type MessageStream, type WatchedMessage } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { expect, test } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';

const Stage = defineCapability({
  name: 'Stage',
  operations: { move: { request: Type.Integer(), response: Type.Integer() } },
  events: { moved: { schema: Type.Integer() } },
});

/** Reads on until a message is found. */
async function until(
  stream: MessageStream,
  isIt: (seen: WatchedMessage) => boolean,
): Promise<WatchedMessage[]> {
  const seen: WatchedMessage[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error('The stream ended.');
    seen.push(value);
    if (isIt(value)) return seen;
  }
}

describeWithEachBroker(({ title, transport, cleanUp }) => {
  test(`${title}: requests, answers, events and lifecycle are seen, and who asks nobody is told so`, async () => {
    const stage = Stage.implement({
      move: async (to, { emit }) => {
        await emit('moved', to);
        return to;
      },
    });
    const service = new IntersectService([stage], {
      hierarchy: {
        organization: 'watch-org',
        facility: 'watch-fac',
        system: 'watch-sys',
        service: `stage-${randomUUID().slice(0, 8)}`,
      },
      brokers: [transport()],
      keepRequestsMs: 1,
    });
    const { address } = service;
    await using watcher = await new IntersectClient({ brokers: [transport()] }).startup();
    await using asker = await new IntersectClient({ brokers: [transport()] }).startup();
    const move = { destination: address, operation: 'Stage.move', payload: 1 };
    const askNobody = () =>
      asker.request(move, { timeoutMs: 1_000 }).then(
        () => 'answered',
        ({ code }) => code,
      );

    await using stream = watcher.watchMessages({ addresses: [address], others: false });
    await stream.ready;
    const ofIt = ({ message: { channel } }: WatchedMessage) =>
      channel.startsWith(address.replaceAll('.', '/'));
    expect(await askNobody()).toBe('UNROUTABLE');
    await service.startup();
    try {
      await until(stream, (seen) => ofIt(seen) && seen.kind === 'lifecycle');
      // From when it is listened to is told by nothing but what is seen.
      const watched = until(stream, (seen) => seen.kind === 'request' && seen.address === address);
      let isSeen = false;
      const seen = watched.then(() => {
        isSeen = true;
      });
      while (!isSeen) expect(await asker.request(move)).toBe(1);
      await seen;
      // They come by different ways, so that their order is not told.
      const kinds = new Set<string>();
      const all = until(stream, ({ kind, message: { payload } }) => {
        if (new TextDecoder().decode(payload) === '2') kinds.add(kind);
        return kinds.size === 3;
      });
      expect(await asker.request({ ...move, payload: 2 })).toBe(2);
      await all;
      expect(kinds).toEqual(new Set(['request', 'answer', 'event']));
    } finally {
      await service.shutdown();
      await cleanUp(address);
    }
    await until(
      stream,
      ({ kind, message }) => kind === 'lifecycle' && message.headers.lifecycle_type === 'LCT_SHUTDOWN',
    );
    // What is left at the broker is gone as well, so that only who watches could still take a request.
    await expect.poll(askNobody, { timeout: 30_000 }).toBe('UNROUTABLE');
  });
});
