import { newId } from '@intersect-sdk/core';
import { defineCase } from '../case.js';
import { check, checkEqual, checkRejects } from '../check.js';
import { deferred } from '../deferred.js';
import { numbers, TOO_LONG_FOR_SOME } from '../stage.js';

const nothing = (): void => {};
const ROUNDS = 200;

/** From the confirmation to the end of a subscription, and its handlers. */
export const subscribeCases = [
  defineCase({
    id: 'subscribe/no-gap',
    title: `what is published right after subscribe() arrives, ${ROUNDS} rounds`,
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      for (const round of numbers(stage.rounds(ROUNDS))) {
        const channel = stage.channel(`round-${round}`);
        const inbox = await stage.subscribe(receiver, channel);
        await stage.publish(sender, channel, round);
        await inbox.reach(1, `the message of round ${round}`);
        await stage.within(inbox.subscription.unsubscribe(), 'unsubscribe()');
      }
    },
  }),
  defineCase({
    id: 'subscribe/no-gap-second',
    title: 'the second subscription of a channel is also confirmed before subscribe() resolves',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      for (const round of numbers(stage.rounds(50))) {
        const channel = stage.channel(`round-${round}`);
        const subscribing = stage.subscribe(receiver, channel);
        // Not awaited: when the second one resolves, it alone must be ready.
        const second = await stage.subscribe(receiver, channel);
        await stage.publish(sender, channel, round);
        await second.reach(1, `the message of round ${round}`);
        const first = await subscribing;
        for (const { subscription } of [first, second]) {
          await stage.within(subscription.unsubscribe(), 'unsubscribe()');
        }
      }
    },
  }),
  defineCase({
    id: 'subscribe/unsubscribe-stops',
    title: 'nothing is delivered after unsubscribe()',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('ended');
      const ended = await stage.subscribe(receiver, channel);
      await stage.publish(sender, channel, 'before');
      await ended.reach(1, 'the message before unsubscribe()');
      await stage.within(ended.subscription.unsubscribe(), 'unsubscribe()');
      for (const text of numbers(10)) await stage.publish(sender, channel, text);
      await stage.roundTrip(receiver);
      checkEqual(ended.texts, ['before'], 'what was delivered');
    },
  }),
  defineCase({
    id: 'subscribe/unsubscribe-idempotent',
    title: 'unsubscribe() and disposing can be called again, also after close()',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('ended');
      const { subscription } = await stage.subscribe(transport, channel);
      checkEqual(subscription.channel, channel, "the subscription's channel");
      const ending = [subscription.unsubscribe(), subscription.unsubscribe()];
      await stage.within(Promise.all(ending), 'unsubscribe() twice');
      await stage.within(subscription[Symbol.asyncDispose](), 'disposing an ended subscription');
      const other = await stage.subscribe(transport, channel);
      await stage.within(transport.close(), 'close()');
      await stage.within(other.subscription.unsubscribe(), 'unsubscribe() after close()');
    },
  }),
  defineCase({
    id: 'subscribe/again',
    title: 'a channel can be subscribed again after it was unsubscribed',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('again');
      const first = await stage.subscribe(transport, channel);
      // Not awaited: ending the old one must not take the new one with it.
      const ending = first.subscription.unsubscribe();
      const second = await stage.subscribe(transport, channel);
      await stage.within(ending, 'unsubscribe()');
      await stage.publish(transport, channel, 'x');
      await second.reach(1, 'the message for the second subscription');
      checkEqual(second.texts, ['x'], 'what the second subscription took in');
    },
  }),
  defineCase({
    id: 'subscribe/one-at-a-time',
    title: 'a handler has one message at a time, in order, unless it asks for more',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('serial');
      let running = 0;
      let most = 0;
      const finished: string[] = [];
      const inbox = await stage.subscribe(receiver, channel, {
        handle: async ({ text }) => {
          most = Math.max(most, ++running);
          await stage.roundTrip(sender);
          running--;
          finished.push(text);
        },
      });
      await Promise.all(numbers(10).map((text) => stage.publish(sender, channel, text)));
      await inbox.reach(10, 'all messages');
      await stage.eventually(() => finished.length === 10, 'the end of all handlers');
      checkEqual(most, 1, 'how many handlers were at work at once');
      checkEqual(finished, numbers(10), 'the order in which they finished');
    },
  }),
  defineCase({
    id: 'subscribe/concurrency',
    title: 'concurrency is reached and never passed',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('parallel');
      const release = deferred();
      let running = 0;
      let most = 0;
      const inbox = await stage.subscribe(receiver, channel, {
        concurrency: 3,
        handle: async () => {
          most = Math.max(most, ++running);
          await release.promise;
          await stage.roundTrip(sender);
          running--;
        },
      });
      await Promise.all(numbers(10).map((text) => stage.publish(sender, channel, text)));
      await inbox.reach(3, 'three handlers at work');
      await stage.roundTrip(receiver);
      checkEqual(inbox.entries.length, 3, 'how many messages the handlers were given while none ended');
      release.resolve();
      await inbox.reach(10, 'all messages');
      await stage.eventually(() => running === 0, 'the end of all handlers');
      checkEqual(most, 3, 'how many handlers were at work at once');
      checkEqual([...inbox.texts].sort(), numbers(10), 'the messages');
    },
  }),
  defineCase({
    id: 'subscribe/slow-handler',
    title: 'a handler that takes its time holds up nothing else',
    async run(stage) {
      const transport = await stage.connected();
      const release = deferred();
      const slow = await stage.subscribe(transport, stage.channel('slow'), { handle: () => release.promise });
      await stage.publish(transport, stage.channel('slow'), 'x');
      await slow.reach(1, 'the message for the slow handler');
      for (const _ of numbers(5)) await stage.roundTrip(transport);
      release.resolve();
    },
  }),
  defineCase({
    id: 'subscribe/publish-in-handler',
    title: 'a handler can publish, and wait for the confirmation',
    async run(stage) {
      const [asker, answerer] = [await stage.connected(), await stage.connected()];
      const answers = await stage.subscribe(asker, stage.channel('answers'));
      await stage.subscribe(answerer, stage.channel('questions'), {
        handle: ({ message }) => answerer.publish({ ...message, channel: stage.channel('answers') }),
      });
      for (const text of numbers(20)) await stage.publish(asker, stage.channel('questions'), text);
      await answers.reach(20, 'all answers');
      checkEqual(answers.texts, numbers(20), 'the answers');
    },
  }),
  defineCase({
    id: 'subscribe/handler-fails',
    title: 'a handler that throws or rejects is reported; the message is settled and the next one comes',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('failing');
      const thrown = new Error('thrown by a handler, on purpose');
      const inbox = await stage.subscribe(transport, channel, {
        handle: ({ text }) => {
          if (text === 'throw') throw thrown;
          return text === 'reject' ? Promise.reject(thrown) : undefined;
        },
      });
      for (const text of ['throw', 'reject', 'fine']) await stage.publish(transport, channel, text);
      await inbox.reach(3, 'all messages');
      await stage.roundTrip(transport);
      checkEqual(inbox.texts, ['throw', 'reject', 'fine'], 'the messages');
      const reports = stage
        .events(transport)
        .entries.flatMap((event) => (event.kind === 'handler-failed' ? [event] : []));
      checkEqual(
        reports.map((report) => report.channel),
        [channel, channel],
        'the reported channels',
      );
      check(
        reports.every(({ error }) => error === thrown),
        'the events must hold the error that was thrown',
      );
      checkEqual(transport.state.kind, 'open', 'the state afterwards');
    },
  }),
  defineCase({
    id: 'subscribe/concurrency-invalid',
    title: 'a concurrency that is not a whole number above 0 rejects with CONFIG_INVALID',
    async run(stage) {
      const transport = await stage.connected();
      for (const concurrency of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const subscribing = transport.subscribe(stage.channel('x'), nothing, { concurrency });
        const what = `subscribe({ concurrency: ${concurrency} })`;
        await checkRejects(stage.within(subscribing, what), ['CONFIG_INVALID'], what);
      }
      await stage.roundTrip(transport);
    },
  }),
  defineCase({
    id: 'subscribe/local-error',
    title:
      'a subscription that throws locally, as to a channel too long for the protocol, ends with an error or works, and costs nothing else',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const other = await stage.subscribe(receiver, stage.channel('other'));
      for (const length of TOO_LONG_FOR_SOME) {
        for (const retention of ['none', 'session'] as const) {
          const what = `subscribe() to a channel of ${length} letters, retention ${retention}`;
          const long = stage.channel('x'.repeat(length));
          const subscribing = stage.within(receiver.subscribe(long, nothing, { retention }), what);
          const refused = await subscribing.then(
            () => false,
            () => true,
          );
          if (refused) await checkRejects(subscribing, ['CONFIG_INVALID', 'SUBSCRIBE_REFUSED'], what);
        }
      }
      checkEqual(stage.states(receiver), ['connecting', 'open'], 'the states of the connection');
      await stage.publish(sender, stage.channel('other'), 'still there');
      await other.reach(1, 'a message for the subscription that was there before');
      await stage.roundTrip(receiver);
    },
  }),
  defineCase({
    id: 'subscribe/unsubscribe-leaves-nothing',
    title: 'unsubscribe() leaves nothing of the subscription at the broker',
    needs: ['inventory'],
    async run(stage) {
      const transport = await stage.connected();
      // What its first subscription needs besides, such as a session, may stay.
      await stage.roundTrip(transport);
      for (const retention of ['none', 'session'] as const) {
        const before = await stage.inventory();
        const inbox = await stage.subscribe(transport, stage.channel(retention), { retention });
        await stage.holding(
          (names) => names.length > before.length,
          `a subscription with retention ${retention} at the broker`,
        );
        await stage.within(inbox.subscription.unsubscribe(), 'unsubscribe()');
        await stage.holding(
          (names) => names.length <= before.length,
          `the end of a subscription with retention ${retention} at the broker`,
        );
      }
    },
  }),
  defineCase({
    id: 'subscribe/aborted',
    title: 'subscribe() with an aborted signal rejects with ABORTED and delivers nothing',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('aborted');
      let delivered = 0;
      const signals = [AbortSignal.abort(), abortedSoon()];
      for (const signal of signals) {
        const subscribing = transport.subscribe(channel, () => void delivered++, { signal });
        await checkRejects(stage.within(subscribing, 'subscribe()'), ['ABORTED'], 'subscribe() when aborted');
      }
      await stage.publish(transport, channel, newId());
      await stage.roundTrip(transport);
      checkEqual(delivered, 0, 'how many messages were delivered');
    },
  }),
];

/** Aborts in the same turn, after whoever it is given to has begun. */
function abortedSoon(): AbortSignal {
  const controller = new AbortController();
  queueMicrotask(() => controller.abort());
  return controller.signal;
}
