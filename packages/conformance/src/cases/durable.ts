import { newId } from '@intersect-sdk/core';
import type { SessionOptions } from '@intersect-sdk/transport';
import { defineCase } from '../case.js';
import { check, checkEqual } from '../check.js';
import { deferred } from '../deferred.js';
import { numbers } from '../stage.js';

const DURABLE = { retention: 'durable' } as const;
const SESSION = { retention: 'session' } as const;

/** The sessions of one program that is started twice: the first run leaves its session, the second one removes it. */
function twoRuns(): { readonly first: SessionOptions; readonly second: SessionOptions } {
  const id = `conformance-${newId()}`;
  return {
    first: { id, keepForMs: 60_000, keepAfterClose: true },
    second: { id, keepForMs: 60_000, keepAfterClose: false },
  };
}

/** What the broker keeps for a subscriber that is away. */
export const durableCases = [
  defineCase({
    id: 'durable/sent-while-closed',
    title: 'a durable subscription collects while its program is not running',
    needs: ['durable'],
    async run(stage) {
      const { first, second } = twoRuns();
      const channel = stage.channel('kept');
      const before = await stage.connected({ session: first });
      await stage.subscribe(before, channel, DURABLE);
      await stage.within(before.close(), 'close()');
      const sender = await stage.connected();
      for (const text of numbers(5)) await stage.publish(sender, channel, text);
      const after = await stage.connected({ session: second });
      const inbox = await stage.subscribe(after, channel, DURABLE);
      await inbox.reach(5, 'the messages sent while the program was not running');
      checkEqual(inbox.texts, numbers(5), 'the messages');
    },
  }),
  defineCase({
    id: 'durable/unsubscribed-still-collects',
    title: 'a durable subscription collects even after it was unsubscribed',
    needs: ['durable'],
    async run(stage) {
      const { first, second } = twoRuns();
      const channel = stage.channel('kept');
      const before = await stage.connected({ session: first });
      const { subscription } = await stage.subscribe(before, channel, DURABLE);
      await stage.within(subscription.unsubscribe(), 'unsubscribe()');
      await stage.within(before.close(), 'close()');
      const sender = await stage.connected();
      await stage.publish(sender, channel, 'x');
      const after = await stage.connected({ session: second });
      const inbox = await stage.subscribe(after, channel, DURABLE);
      await inbox.reach(1, 'the message sent while nobody was subscribed');
    },
  }),
  defineCase({
    id: 'durable/acknowledged-is-gone',
    title: 'what was handled before an orderly end does not come back',
    needs: ['durable', 'acknowledge'],
    async run(stage) {
      const { first, second } = twoRuns();
      const channel = stage.channel('handled');
      const sender = await stage.connected();
      const before = await stage.connected({ session: first });
      const handled = await stage.subscribe(before, channel, DURABLE);
      for (const text of numbers(5)) await stage.publish(sender, channel, text);
      await handled.reach(5, 'the messages');
      await stage.within(before.drain(), 'drain()');
      await stage.publish(sender, channel, 'next');
      const after = await stage.connected({ session: second });
      const inbox = await stage.subscribe(after, channel, DURABLE);
      await inbox.until(() => inbox.texts.includes('next'), 'the message sent in between');
      checkEqual(inbox.texts, ['next'], 'what the second run was given');
    },
  }),
  defineCase({
    id: 'durable/drain-leaves-the-rest',
    title: 'drain() finishes the message at work and leaves the rest to the next run, in order',
    needs: ['durable', 'acknowledge'],
    async run(stage) {
      const { first, second } = twoRuns();
      const channel = stage.channel('work');
      const sender = await stage.connected();
      const before = await stage.connected({ session: first });
      const release = deferred();
      const handled = await stage.subscribe(before, channel, { ...DURABLE, handle: () => release.promise });
      for (const text of numbers(4)) await stage.publish(sender, channel, text);
      await handled.reach(1, 'the first message');
      const draining = before.drain();
      release.resolve();
      await stage.within(draining, 'drain()');
      checkEqual(handled.texts, ['0'], 'what the first run handled');
      const after = await stage.connected({ session: second });
      const inbox = await stage.subscribe(after, channel, DURABLE);
      await inbox.reach(3, 'the rest');
      checkEqual(inbox.texts, ['1', '2', '3'], 'what the second run was given');
    },
  }),
  defineCase({
    id: 'durable/unacknowledged-comes-back',
    title: 'a message whose handler was not done when the connection was cut comes back',
    needs: ['durable', 'acknowledge', 'sever'],
    async run(stage) {
      const channel = stage.channel('work');
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const release = deferred();
      const inbox = await stage.subscribe(receiver, channel, {
        ...DURABLE,
        handle: () => (inbox.entries.length === 1 ? release.promise : undefined),
      });
      await stage.publish(sender, channel, 'x');
      await inbox.reach(1, 'the message');
      checkEqual(inbox.entries[0]?.redelivered, false, 'redelivered at first');
      // An acknowledgement that was sent too early has left by then.
      await stage.roundTrip(receiver);
      await stage.cut(receiver);
      release.resolve();
      await stage.reopened(receiver);
      await inbox.reach(2, 'the message again');
      checkEqual(inbox.texts, ['x', 'x'], 'what was delivered');
    },
  }),
  defineCase({
    id: 'durable/redelivered-is-marked',
    title: 'a message that comes back says so',
    needs: ['durable', 'acknowledge', 'sever'],
    async run(stage) {
      const channel = stage.channel('work');
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const release = deferred();
      const inbox = await stage.subscribe(receiver, channel, { ...DURABLE, handle: () => release.promise });
      await stage.publish(sender, channel, 'x');
      await inbox.reach(1, 'the message');
      await stage.roundTrip(receiver);
      await stage.cut(receiver);
      release.resolve();
      await stage.reopened(receiver);
      await inbox.reach(2, 'the message again');
      checkEqual(
        inbox.entries.map(({ redelivered }) => redelivered),
        [false, true],
        'redelivered',
      );
    },
  }),
  defineCase({
    id: 'durable/long-handler',
    title: 'a handler longer than the broker waits for an acknowledgement runs once, and its message is gone',
    needs: ['durable', 'acknowledge', 'ackOverdue'],
    async run(stage) {
      const channel = stage.channel('long');
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      // Twice, so that a message that was handed out again would be overdue again.
      const twiceOverdue = async (): Promise<void> => {
        await stage.overdue();
        await stage.overdue();
      };
      let overdue: Promise<void> | undefined;
      const inbox = await stage.subscribe(receiver, channel, {
        ...DURABLE,
        handle: ({ text }) => {
          if (text !== 'long') return undefined;
          overdue ??= twiceOverdue();
          return overdue;
        },
      });
      await stage.publish(sender, channel, 'long');
      await inbox.reach(1, 'the message');
      await stage.publish(sender, channel, 'next');
      await overdue;
      await inbox.until(() => inbox.texts.includes('next'), 'the message after it');
      await stage.roundTrip(receiver);
      checkEqual(inbox.texts, ['long', 'next'], 'what was delivered');
    },
  }),
  defineCase({
    id: 'durable/session-spans-a-cut',
    title: 'a subscription of the session collects while its connection is lost',
    needs: ['durable', 'sever', 'refuse'],
    async run(stage) {
      const channel = stage.channel('replies');
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, channel, SESSION);
      const letIn = await stage.cutOff(receiver);
      for (const text of numbers(5)) await stage.publish(sender, channel, text);
      checkEqual(inbox.texts, [], 'what was delivered without a connection');
      await letIn();
      await inbox.reach(5, 'the messages sent while the connection was lost');
      checkEqual(inbox.texts, numbers(5), 'the messages');
    },
  }),
  defineCase({
    id: 'durable/session-ends-with-close',
    title: 'close() removes what the session kept',
    needs: ['durable'],
    async run(stage) {
      const { second } = twoRuns();
      const channel = stage.channel('replies');
      const before = await stage.connected({ session: second });
      await stage.subscribe(before, channel, SESSION);
      await stage.within(before.close(), 'close()');
      const sender = await stage.connected();
      await stage.publish(sender, channel, 'missed');
      // A broker may refuse the session's name while it still removes what it kept (RabbitMQ does).
      const after = await stage.connected({ session: second, retry: true });
      const inbox = await stage.subscribe(after, channel, SESSION);
      await stage.publish(sender, channel, 'next');
      await inbox.until(() => inbox.texts.includes('next'), 'the message after subscribe()');
      checkEqual(inbox.texts, ['next'], 'what was delivered');
    },
  }),
  defineCase({
    id: 'durable/none-collects-nothing',
    title: 'a subscription without retention collects nothing while its connection is lost',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const channel = stage.channel('transient');
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, channel);
      const letIn = await stage.cutOff(receiver);
      for (const text of numbers(5)) await stage.publish(sender, channel, text);
      await letIn();
      await stage.publish(sender, channel, 'next');
      await inbox.until(() => inbox.texts.includes('next'), 'the message after the connection was back');
      checkEqual(inbox.texts, ['next'], 'what was delivered');
    },
  }),
  defineCase({
    id: 'durable/two-sessions',
    title: "two programs' sessions do not share messages",
    async run(stage) {
      const channel = stage.channel('replies');
      const [sender, one, two] = [await stage.connected(), await stage.connected(), await stage.connected()];
      const inboxes = [
        await stage.subscribe(one, channel, SESSION),
        await stage.subscribe(two, channel, SESSION),
      ];
      for (const text of numbers(10)) await stage.publish(sender, channel, text);
      for (const inbox of inboxes) {
        await inbox.reach(10, 'all messages');
        checkEqual(inbox.texts, numbers(10), 'the messages of each session');
      }
      check(one !== two, 'create() must make another transport each time');
    },
  }),
];
