import { TransportError } from '@intersect-sdk/core';
import { defineCase } from '../case.js';
import { check, checkEqual, checkRejects } from '../check.js';
import { countOf, numbers } from '../stage.js';

const nothing = (): void => {};

/** What survives a lost connection, and in which order it comes back. */
export const reconnectCases = [
  defineCase({
    id: 'reconnect/states',
    title: "goes from 'open' to 'reconnecting' and back, and says why",
    needs: ['sever'],
    async run(stage) {
      const transport = await stage.connected();
      await stage.cut(transport);
      await stage.reopened(transport);
      checkEqual(
        stage.states(transport),
        ['connecting', 'open', 'reconnecting', 'open'],
        'the announced states',
      );
      const lost = stage
        .events(transport)
        .entries.flatMap((event) =>
          event.kind === 'state' && event.state.kind === 'reconnecting' ? [event.state] : [],
        )
        .at(0);
      check(lost !== undefined, "no state 'reconnecting'");
      check(lost.error instanceof TransportError, 'the state must hold a TransportError');
      check(lost.error.retryable, 'the error must be retryable');
      checkEqual(lost.attempt, 1, 'the number of the first try');
      check(lost.retryInMs >= 0, 'retryInMs must not be negative');
    },
  }),
  defineCase({
    id: 'reconnect/one-event-per-outage',
    title: 'announces an outage once, however many tries it takes',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const transport = await stage.connected();
      const letIn = await stage.cutOff(transport);
      await stage.eventually(
        () => transport.state.kind === 'reconnecting' && transport.state.attempt >= 4,
        'a fourth try',
      );
      await letIn();
      checkEqual(
        stage.states(transport),
        ['connecting', 'open', 'reconnecting', 'open'],
        'the announced states',
      );
    },
  }),
  defineCase({
    id: 'reconnect/connect-joins',
    title: 'connect() while reconnecting resolves when open again',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const transport = await stage.connected();
      const letIn = await stage.cutOff(transport);
      const connecting = transport.connect();
      connecting.catch(nothing);
      await letIn();
      await stage.within(connecting, 'connect() while reconnecting');
      checkEqual(
        stage.states(transport),
        ['connecting', 'open', 'reconnecting', 'open'],
        'the announced states',
      );
    },
  }),
  defineCase({
    id: 'reconnect/subscriptions-survive',
    title: 'subscriptions are there again when open is announced, 10 cuts',
    needs: ['sever'],
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const exact = await stage.subscribe(receiver, stage.channel('a'));
      const pattern = await stage.subscribe(receiver, stage.channel('*'));
      for (const round of numbers(10)) {
        await stage.cut(receiver);
        await stage.reopened(receiver);
        await stage.publish(sender, stage.channel('a'), round);
        await exact.reach(Number(round) + 1, `the message after cut ${round}`);
        await pattern.reach(Number(round) + 1, `the message for the pattern after cut ${round}`);
      }
      checkEqual(exact.texts, numbers(10), 'what the channel took in');
      checkEqual(pattern.texts, numbers(10), 'what the pattern took in');
    },
  }),
  defineCase({
    id: 'reconnect/unsubscribed-stays-so',
    title: 'what was unsubscribed, before the cut or during it, does not come back',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('a');
      const before = await stage.subscribe(receiver, channel);
      const during = await stage.subscribe(receiver, channel);
      const kept = await stage.subscribe(receiver, channel);
      await stage.within(before.subscription.unsubscribe(), 'unsubscribe()');
      const letIn = await stage.cutOff(receiver);
      await stage.within(during.subscription.unsubscribe(), 'unsubscribe() while reconnecting');
      await letIn();
      await stage.publish(sender, channel, 'x');
      await kept.reach(1, 'the message for the subscription that was kept');
      await stage.roundTrip(receiver);
      checkEqual([before.texts, during.texts], [[], []], 'what the ended subscriptions took in');
    },
  }),
  defineCase({
    id: 'reconnect/subscribe-waits',
    title: 'subscribe() while reconnecting resolves once it is confirmed',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const letIn = await stage.cutOff(receiver);
      const subscribing = stage.subscribe(receiver, stage.channel('late'));
      subscribing.catch(nothing);
      await letIn();
      const inbox = await subscribing;
      await stage.publish(sender, stage.channel('late'), 'x');
      await inbox.reach(1, 'the message');
    },
  }),
  defineCase({
    id: 'reconnect/subscribes-before-publishing',
    title: 'what waited to be published goes out only when the subscriptions are back, 5 cuts',
    needs: ['sever'],
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('own');
      const inbox = await stage.subscribe(transport, channel);
      const publishing: Promise<void>[] = [];
      const stop = transport.onEvent((event) => {
        if (event.kind !== 'state' || event.state.kind !== 'reconnecting') return;
        const text = String(publishing.length);
        publishing.push(
          stage.publish(transport, channel, text),
          stage.publish(transport, channel, `${text}+`),
        );
      });
      const expected: string[] = [];
      for (const cut of numbers(5)) {
        expected.push(String(Number(cut) * 2), `${Number(cut) * 2}+`);
        await stage.cut(transport);
        await stage.reopened(transport);
        await Promise.all(publishing);
        await inbox.reach(expected.length, 'the messages published while reconnecting');
        checkEqual(inbox.texts, expected, 'the messages');
      }
      stop();
    },
  }),
  defineCase({
    id: 'reconnect/open-comes-last',
    title: 'what is published when open is announced comes after what waited',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('own');
      const inbox = await stage.subscribe(transport, channel);
      const letIn = await stage.cutOff(transport);
      const publishing = ['waited 1', 'waited 2'].map((text) => stage.publish(transport, channel, text));
      transport.onEvent((event) => {
        if (event.kind === 'state' && event.state.kind === 'open') {
          publishing.push(stage.publish(transport, channel, 'after open'));
        }
      });
      await letIn();
      await Promise.all(publishing);
      await inbox.reach(3, 'all messages');
      checkEqual(inbox.texts, ['waited 1', 'waited 2', 'after open'], 'the order');
    },
  }),
  defineCase({
    id: 'reconnect/publish-waits',
    title: 'publish() while reconnecting waits, durable or not, and resolves when accepted',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const [transport, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('waiting');
      const inbox = await stage.subscribe(receiver, channel);
      const letIn = await stage.cutOff(transport);
      let settled = 0;
      const publishing = [true, false].map((durable) =>
        stage
          .within(transport.publish(stage.message(channel, `durable ${durable}`), { durable }), 'publish()')
          .finally(() => settled++),
      );
      const all = Promise.all(publishing);
      all.catch(nothing);
      await stage.roundTrip(receiver);
      checkEqual(settled, 0, 'how many publishes settled without a connection');
      await letIn();
      await all;
      await inbox.reach(2, 'both messages');
      checkEqual([...inbox.texts].sort(), ['durable false', 'durable true'], 'the messages');
    },
  }),
  defineCase({
    id: 'reconnect/in-flight-settles',
    title: 'a publish in flight at the cut settles: durable ones arrive, others may say CONNECTION_LOST',
    needs: ['sever'],
    async run(stage) {
      const [transport, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('in-flight');
      const inbox = await stage.subscribe(receiver, channel);
      const send = (text: string, durable: boolean): Promise<void> =>
        stage.within(transport.publish(stage.message(channel, text), { durable }), `publish(${text})`);
      const durable = Promise.all(numbers(50).map((text) => send(text, true)));
      const others = numbers(50).map((text) => send(`volatile ${text}`, false));
      const outcomes = Promise.allSettled(others);
      durable.catch(nothing);
      await stage.cut(transport);
      await durable;
      for (const outcome of await outcomes) {
        if (outcome.status === 'rejected') {
          await checkRejects(
            Promise.reject(outcome.reason),
            ['CONNECTION_LOST'],
            'a publish that is not durable',
          );
        }
      }
      await inbox.until(
        () => numbers(50).every((text) => inbox.texts.includes(text)),
        'every durable message',
      );
    },
  }),
  defineCase({
    id: 'reconnect/order',
    title: 'the order of durable messages holds across a cut',
    needs: ['sever'],
    async run(stage) {
      const [transport, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('order');
      const inbox = await stage.subscribe(receiver, channel);
      const publish = (text: string): Promise<void> => stage.publish(transport, channel, text);
      const early = numbers(60).slice(0, 30).map(publish);
      await stage.cut(transport);
      const late = numbers(60).slice(30).map(publish);
      await Promise.all([...early, ...late]);
      await inbox.until(() => numbers(60).every((text) => inbox.texts.includes(text)), 'every message');
      checkEqual([...new Set(inbox.texts)], numbers(60), 'the order in which each came first');
    },
  }),
  defineCase({
    id: 'reconnect/pending-is-bounded',
    title: 'more than maxPendingMessages waiting publishes reject with PENDING_FULL',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const transport = await stage.connected({}, { maxPendingMessages: 2 });
      const letIn = await stage.cutOff(transport);
      const channel = stage.channel('full');
      const waiting = Promise.all(numbers(2).map((text) => stage.publish(transport, channel, text)));
      waiting.catch(nothing);
      await checkRejects(stage.publish(transport, channel, '2'), ['PENDING_FULL'], 'a third waiting publish');
      await letIn();
      await waiting;
      await stage.publish(transport, channel, '3');
    },
  }),
  defineCase({
    id: 'reconnect/publish-gives-up',
    title: 'publish() while reconnecting ends at its time or its signal, and is not sent later',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const [transport, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('late');
      const inbox = await stage.subscribe(receiver, channel);
      const letIn = await stage.cutOff(transport);
      const abort = new AbortController();
      const message = stage.message(channel, 'given up');
      const timed = stage.within(transport.publish(message, { timeoutMs: 5 }), 'publish()');
      const aborted = stage.within(transport.publish(message, { signal: abort.signal }), 'publish()');
      aborted.catch(nothing);
      await checkRejects(timed, ['PUBLISH_TIMEOUT'], 'publish() at the end of its time');
      abort.abort();
      await checkRejects(aborted, ['ABORTED'], 'publish() when its signal aborts');
      await letIn();
      await stage.publish(transport, channel, 'next');
      await inbox.until(() => inbox.texts.includes('next'), 'the next message');
      checkEqual(inbox.texts, ['next'], 'what was sent');
    },
  }),
  defineCase({
    id: 'reconnect/close-while-reconnecting',
    title: 'close() while reconnecting ends everything that waits',
    needs: ['sever', 'refuse'],
    async run(stage) {
      const transport = await stage.connected();
      await stage.cutOff(transport);
      const waiting = [
        checkRejects(stage.publish(transport, stage.channel('x'), 'x'), ['CLOSED'], 'a waiting publish()'),
        checkRejects(
          stage.within(transport.subscribe(stage.channel('x'), nothing), 'subscribe()'),
          ['CLOSED'],
          'a waiting subscribe()',
        ),
      ];
      const all = Promise.all(waiting);
      all.catch(nothing);
      await stage.within(transport.close(), 'close() while reconnecting');
      await all;
      check(
        (await stage.within(transport.closed, 'closed')) === undefined,
        'closed must resolve without an error',
      );
      checkEqual(countOf(stage.states(transport), 'closed'), 1, "how often 'closed' was announced");
      await stage.harness.refuse?.(false);
      await stage.roundTrip(await stage.connected());
      checkEqual(transport.state, { kind: 'closed' }, 'the state after close()');
    },
  }),
];
