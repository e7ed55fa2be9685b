import { defineCase } from '../case.js';
import { CONNECT_FAILURES, checkEqual, checkRejects } from '../check.js';
import { activeResources, collectGarbage, countingSignal, moreThan } from '../resources.js';
import { numbers, type Stage } from '../stage.js';

const nothing = (): void => {};
const ROUNDS = 1_000;
const AT_ONCE = 20;

async function leavesNothing(stage: Stage, before: ReadonlyMap<string, number>): Promise<void> {
  await stage
    .eventually(() => moreThan(before).length === 0, 'the end of everything that was opened')
    .catch((error: Error) => {
      error.message += `; left: ${moreThan(before).join(', ')}`;
      throw error;
    });
}

/** Nothing is left behind. */
export const hygieneCases = [
  defineCase({
    id: 'hygiene/close-leaves-nothing',
    title: 'after close() no socket and no timer is left',
    needs: ['node'],
    async run(stage) {
      const before = activeResources();
      const transport = await stage.connected();
      const inbox = await stage.subscribe(transport, stage.channel('a'));
      await stage.publish(transport, stage.channel('a'), 'x');
      await inbox.reach(1, 'the message');
      await stage.within(transport.close(), 'close()');
      await leavesNothing(stage, before);
    },
  }),
  defineCase({
    id: 'hygiene/close-while-reconnecting-leaves-nothing',
    title: 'after close() while reconnecting no socket and no timer is left',
    needs: ['node', 'sever', 'refuse'],
    async run(stage) {
      const before = activeResources();
      const transport = await stage.connected(
        {},
        { reconnectMinDelayMs: 60_000, reconnectMaxDelayMs: 60_000 },
      );
      await stage.cutOff(transport);
      const publishing = transport.publish(stage.message(stage.channel('a'), 'x'));
      publishing.catch(nothing);
      await stage.within(transport.close(), 'close()');
      await checkRejects(stage.within(publishing, 'publish()'), ['CLOSED'], 'a waiting publish()');
      await leavesNothing(stage, before);
    },
  }),
  defineCase({
    id: 'hygiene/close-while-stalled-leaves-nothing',
    title: 'close() ends though nothing passes any more, and no socket and no timer is left',
    needs: ['node', 'stall'],
    async run(stage) {
      const before = activeResources();
      const transport = await stage.connected();
      await stage.roundTrip(transport);
      const open = activeResources();
      const taken = moreThan(before);
      await stage.harness.stall?.(true);
      await stage.within(transport.close(), 'close() over a network that is silent');
      // Of what was opened some can belong to a proxy in this process, which hears of nothing yet.
      const isGivenBack = (kind: string): boolean =>
        (activeResources().get(kind) ?? 0) < (open.get(kind) ?? 0);
      await stage.eventually(
        () => taken.every(isGivenBack),
        `the end of the transport's ${taken.join(' and ')}`,
      );
      await stage.harness.stall?.(false);
      await leavesNothing(stage, before);
    },
  }),
  defineCase({
    id: 'hygiene/failed-connect-leaves-nothing',
    title: 'a connect() that failed leaves no socket and no timer',
    needs: ['node', 'refuse'],
    async run(stage) {
      const transport = stage.create();
      await stage.harness.refuse?.(true);
      const before = activeResources();
      for (const _ of numbers(5)) {
        const connecting = stage.within(transport.connect(), 'connect()');
        await checkRejects(connecting, CONNECT_FAILURES, 'connect() while refused');
      }
      checkEqual(transport.state, { kind: 'idle' }, 'the state after failed connects');
      await leavesNothing(stage, before);
    },
  }),
  defineCase({
    id: 'hygiene/aborted-connect-leaves-nothing',
    title: 'a connect() that was aborted leaves no socket and no timer, and can be called again',
    needs: ['node', 'refuse'],
    async run(stage) {
      const transport = stage.create({ reconnectMinDelayMs: 60_000, reconnectMaxDelayMs: 60_000 });
      await stage.harness.refuse?.(true);
      const before = activeResources();
      const abort = new AbortController();
      const connecting = transport.connect({ retry: true, signal: abort.signal });
      connecting.catch(nothing);
      await stage.eventually(
        () => transport.state.kind === 'connecting' && transport.state.attempt >= 2,
        'the wait before the second try',
      );
      abort.abort();
      await checkRejects(stage.within(connecting, 'connect()'), ['ABORTED'], 'connect() when aborted');
      checkEqual(transport.state, { kind: 'idle' }, 'the state after an aborted connect()');
      await leavesNothing(stage, before);
      await stage.harness.refuse?.(false);
      await stage.within(transport.connect(), 'connect() again');
      await stage.roundTrip(transport);
    },
  }),
  defineCase({
    id: 'hygiene/aborted-at-once',
    title: 'connect() and publish() with an aborted signal reject with ABORTED and do nothing',
    async run(stage) {
      const signal = AbortSignal.abort();
      const transport = stage.create();
      const connecting = stage.within(transport.connect({ signal }), 'connect()');
      await checkRejects(connecting, ['ABORTED'], 'connect() with an aborted signal');
      checkEqual(transport.state, { kind: 'idle' }, 'the state after an aborted connect()');
      await stage.within(transport.connect(), 'connect()');
      const inbox = await stage.subscribe(transport, stage.channel('a'));
      const message = stage.message(stage.channel('a'), 'aborted');
      const publishing = stage.within(transport.publish(message, { signal }), 'publish()');
      await checkRejects(publishing, ['ABORTED'], 'publish() with an aborted signal');
      await stage.publish(transport, stage.channel('a'), 'next');
      await inbox.until(() => inbox.texts.includes('next'), 'the next message');
      checkEqual(inbox.texts, ['next'], 'what was sent');
    },
  }),
  defineCase({
    id: 'hygiene/signals',
    title: 'a signal that lives long collects no listeners',
    async run(stage) {
      const { signal, listeners } = countingSignal();
      const transport = stage.create();
      await stage.within(transport.connect({ signal }), 'connect()');
      for (const text of numbers(20)) {
        const message = stage.message(stage.channel('a'), text);
        const subscribing = transport.subscribe(message.channel, nothing, { signal });
        const subscription = await stage.within(subscribing, 'subscribe()');
        await stage.within(transport.publish(message, { signal }), 'publish()');
        await stage.within(subscription.unsubscribe(), 'unsubscribe()');
      }
      checkEqual(listeners(), 0, 'how many listeners the signal has');
    },
  }),
  defineCase({
    id: 'hygiene/no-growth',
    title: `of ${ROUNDS} ended subscriptions nothing is kept`,
    needs: ['node'],
    async run(stage) {
      const transport = await stage.connected();
      const before = activeResources();
      const handlers: WeakRef<object>[] = [];
      const round = async (): Promise<void> => {
        const handler = (): void => {};
        handlers.push(new WeakRef(handler));
        const subscribing = transport.subscribe(stage.channel('round'), handler, { retention: 'session' });
        const subscription = await stage.within(subscribing, 'subscribe()');
        await stage.within(subscription.unsubscribe(), 'unsubscribe()');
      };
      for (let done = 0; done < stage.rounds(ROUNDS); done += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, round));
      }
      await stage.roundTrip(transport);
      await collectGarbage();
      const kept = handlers.filter((handler) => handler.deref() !== undefined).length;
      // The last few can still be on some stack or in a cache of the engine.
      checkEqual(Math.max(0, kept - AT_ONCE), 0, `how many handlers are kept, beyond the last ${AT_ONCE}`);
      await leavesNothing(stage, before);
    },
  }),
];
