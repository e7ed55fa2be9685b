import { newId } from '@intersect-sdk/core';
import type { SessionOptions, SubscribeOptions, Transport } from '@intersect-sdk/transport';
import { defineCase } from '../case.js';
import { check, checkEqual } from '../check.js';
import { deferred } from '../deferred.js';
import { type Inbox, numbers, type Stage } from '../stage.js';

const SHARED = { retention: 'durable', shared: true } as const;

/** Instances of one program, each with a session that the broker removes at its end. */
async function instances(stage: Stage, count: number): Promise<Transport[]> {
  const id = `conformance-${newId()}`;
  return Promise.all(
    numbers(count).map((number) => {
      const session: SessionOptions = { id: `${id}.${number}`, keepForMs: 60_000, keepAfterClose: false };
      return stage.connected({ session });
    }),
  );
}

/** Resolves when these have all of the texts together, each once. */
async function haveAll(stage: Stage, inboxes: readonly Inbox[], texts: readonly string[]): Promise<void> {
  const had = (): string[] => inboxes.flatMap((inbox) => [...inbox.texts]);
  await stage.eventually(
    () => had().length >= texts.length,
    `all of ${texts.length} messages, at one or another`,
  );
  checkEqual(had().sort(byNumber), [...texts].sort(byNumber), 'what all of them had');
}

const byNumber = (one: string, other: string): number => Number(one) - Number(other);

/** Several subscriptions that share the messages of a channel. */
export const sharingCases = [
  defineCase({
    id: 'sharing/each-to-one',
    title: 'each message goes to one of the instances that share a channel, and each instance gets some',
    needs: ['sharing'],
    async run(stage) {
      const channel = stage.channel('work');
      const [one, two, sender] = [...(await instances(stage, 2)), await stage.connected()] as const;
      const inboxes = [
        await stage.subscribe(one as Transport, channel, SHARED),
        await stage.subscribe(two as Transport, channel, SHARED),
      ];
      for (const text of numbers(20)) await stage.publish(sender as Transport, channel, text);
      await haveAll(stage, inboxes, numbers(20));
      for (const inbox of inboxes) check(inbox.texts.length > 0, 'one of two instances had nothing of 20');
    },
  }),
  defineCase({
    id: 'sharing/each-listener',
    title:
      "the instances of one listener share the channel's messages, and another listener gets all of them",
    needs: ['sharing'],
    async run(stage) {
      const channel = stage.channel('events');
      const listening = (address: string): SubscribeOptions => ({
        ...SHARED,
        listener: { address, keepForMs: 60_000 },
      });
      const [one, two] = (await instances(stage, 2)) as [Transport, Transport];
      const [other] = (await instances(stage, 1)) as [Transport];
      const sender = await stage.connected();
      const shared = [
        await stage.subscribe(one, channel, listening('org.fac.sys.-.first')),
        await stage.subscribe(two, channel, listening('org.fac.sys.-.first')),
      ];
      const alone = await stage.subscribe(other, channel, listening('org.fac.sys.-.second'));
      for (const text of numbers(10)) await stage.publish(sender, channel, text);
      await haveAll(stage, shared, numbers(10));
      await haveAll(stage, [alone], numbers(10));
    },
  }),
  defineCase({
    id: 'sharing/busy-leaves-the-rest',
    title: 'an instance that is busy takes no more than its concurrency, and the others get the rest',
    needs: ['one-queue'],
    async run(stage) {
      const channel = stage.channel('work');
      const [busy, free] = (await instances(stage, 2)) as [Transport, Transport];
      const sender = await stage.connected();
      const release = deferred();
      const options = { ...SHARED, concurrency: 2, handle: () => release.promise };
      const held = await stage.subscribe(busy, channel, options);
      for (const text of numbers(2)) await stage.publish(sender, channel, text);
      await held.reach(2, 'as many as it takes');
      const inbox = await stage.subscribe(free, channel, SHARED);
      for (const text of numbers(10).slice(2)) await stage.publish(sender, channel, text);
      await inbox.reach(8, 'what the busy one does not take');
      checkEqual(held.texts, numbers(2), 'what the busy one has');
      release.resolve();
    },
  }),
  defineCase({
    id: 'sharing/lost-goes-to-others',
    title: 'what an instance had not handled when it was lost goes to another one, marked as redelivered',
    needs: ['one-queue', 'acknowledge', 'sever', 'refuse'],
    async run(stage) {
      const channel = stage.channel('work');
      const [lost, other] = (await instances(stage, 2)) as [Transport, Transport];
      const sender = await stage.connected();
      const release = deferred();
      const held = await stage.subscribe(lost, channel, { ...SHARED, handle: () => release.promise });
      await stage.publish(sender, channel, 'x');
      await held.reach(1, 'the message');
      const inbox = await stage.subscribe(other, channel, SHARED);
      await stage.roundTrip(lost);
      const letIn = await stage.cutOff(lost);
      await inbox.reach(1, 'the message of the one that was lost');
      checkEqual(inbox.entries[0]?.redelivered, true, 'redelivered');
      release.resolve();
      await letIn();
    },
  }),
  defineCase({
    id: 'sharing/cut-loses-nothing',
    title: 'what an instance had not handled when its connection was cut is handled by it or another one',
    needs: ['sharing', 'acknowledge', 'sever'],
    async run(stage) {
      const channel = stage.channel('work');
      const [cut, other] = (await instances(stage, 2)) as [Transport, Transport];
      const sender = await stage.connected();
      const release = deferred();
      let isHolding = true;
      const handle = (): Promise<void> | undefined => (isHolding ? release.promise : undefined);
      const held = await stage.subscribe(cut, channel, { ...SHARED, handle });
      await stage.publish(sender, channel, '0');
      await held.reach(1, 'the message');
      const inbox = await stage.subscribe(other, channel, SHARED);
      await stage.roundTrip(cut);
      isHolding = false;
      await stage.cut(cut);
      await stage.reopened(cut);
      await stage.eventually(
        () => held.texts.length + inbox.texts.length > 1,
        'the message of the one that was cut',
      );
      release.resolve();
    },
  }),
  defineCase({
    id: 'sharing/ended-leaves-to-others',
    title:
      'an instance that unsubscribes ends the message at work; what else was meant for it goes to the others',
    needs: ['sharing', 'acknowledge'],
    async run(stage) {
      const channel = stage.channel('work');
      const [leaving, staying] = (await instances(stage, 2)) as [Transport, Transport];
      const sender = await stage.connected();
      const release = deferred();
      const first = await stage.subscribe(leaving, channel, { ...SHARED, handle: () => release.promise });
      await stage.publish(sender, channel, '0');
      await first.reach(1, 'the first message');
      const second = await stage.subscribe(staying, channel, SHARED);
      for (const text of numbers(7).slice(1)) await stage.publish(sender, channel, text);
      await stage.within(first.subscription.unsubscribe(), 'unsubscribe()');
      release.resolve();
      await stage.publish(sender, channel, '7');
      await haveAll(stage, [first, second], numbers(8));
      checkEqual(first.texts, ['0'], 'what the one that left had');
    },
  }),
  defineCase({
    id: 'sharing/others',
    title: 'others() says how many others share the messages, if it says anything, also after unsubscribe()',
    needs: ['one-queue'],
    async run(stage) {
      const channel = stage.channel('work');
      const [one, two] = (await instances(stage, 2)) as [Transport, Transport];
      const { subscription } = await stage.subscribe(one, channel, SHARED);
      const others = async (): Promise<number | undefined> =>
        stage.within(subscription.others?.() ?? Promise.resolve(undefined), 'others()');
      const isCounted = (await others()) !== undefined;
      checkEqual(await others(), isCounted ? 0 : undefined, 'others() of a single one');
      await stage.subscribe(two, channel, SHARED);
      checkEqual(await others(), isCounted ? 1 : undefined, 'others() of one of two');
      await stage.within(subscription.unsubscribe(), 'unsubscribe()');
      checkEqual(await others(), isCounted ? 1 : undefined, 'others() after it unsubscribed');
      await stage.within(two.drain(), 'drain()');
      checkEqual(await others(), isCounted ? 0 : undefined, 'others() when all have ended');
    },
  }),
];
