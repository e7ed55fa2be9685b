import { defineCase } from '../case.js';
import { check, checkEqual, checkRejects } from '../check.js';
import { deferred } from '../deferred.js';
import { numbers } from '../stage.js';

const nothing = (): void => {};

/** The orderly end. Disposing is draining. */
export const drainCases = [
  defineCase({
    id: 'basics/dispose-drains',
    title: 'disposing waits for the handler that is at work, then closes',
    async run(stage) {
      const transport = await stage.connected();
      const release = deferred();
      let finished = false;
      const inbox = await stage.subscribe(transport, stage.channel('work'), {
        handle: async () => {
          await release.promise;
          finished = true;
        },
      });
      await stage.publish(transport, stage.channel('work'), 'x');
      await inbox.reach(1, 'the message');
      const disposing = transport[Symbol.asyncDispose]();
      const other = await stage.connected();
      await stage.roundTrip(other);
      checkEqual(transport.state.kind, 'draining', 'the state while a handler is at work');
      release.resolve();
      await stage.within(disposing, 'disposing');
      check(finished, 'the handler must have finished before disposing resolves');
      checkEqual(stage.states(transport).slice(-2), ['draining', 'closed'], 'the last states');
      check((await transport.closed) === undefined, 'closed must resolve without an error');
    },
  }),
  defineCase({
    id: 'basics/drain-settles-publishes',
    title: 'drain() waits for the publishes before it',
    async run(stage) {
      const [transport, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, stage.channel('last-words'));
      const publishes = numbers(20).map((text) =>
        stage.publish(transport, stage.channel('last-words'), text),
      );
      const outcomes = Promise.allSettled(publishes);
      await stage.within(transport.drain(), 'drain()');
      const rejected = (await outcomes).filter(({ status }) => status === 'rejected').length;
      checkEqual(rejected, 0, 'how many publishes before drain() were rejected');
      await inbox.reach(20, 'all messages published before drain()');
      checkEqual(inbox.texts, numbers(20), 'the messages');
    },
  }),
  defineCase({
    id: 'basics/drain-refuses-new-work',
    title: 'while draining, connect(), subscribe() and publish() reject with DRAINING',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('work');
      const release = deferred();
      const inbox = await stage.subscribe(transport, channel, { handle: () => release.promise });
      await stage.publish(transport, channel, 'x');
      await inbox.reach(1, 'the message');
      const draining = transport.drain();
      const connecting = stage.within(transport.connect(), 'connect()');
      await checkRejects(connecting, ['DRAINING'], 'connect() while draining');
      const subscribing = stage.within(transport.subscribe(channel, nothing), 'subscribe()');
      await checkRejects(subscribing, ['DRAINING'], 'subscribe() while draining');
      release.resolve();
      await stage.within(draining, 'drain()');

      // Without a handler at work nobody has anything left to send.
      const idle = await stage.connected();
      const ending = idle.drain();
      await checkRejects(
        stage.publish(idle, channel, 'x'),
        ['DRAINING', 'CLOSED'],
        'publish() while draining',
      );
      await stage.within(ending, 'drain()');
    },
  }),
  defineCase({
    id: 'basics/drain-lets-handlers-answer',
    title: 'a handler at work can still publish while draining',
    async run(stage) {
      const [transport, asker] = [await stage.connected(), await stage.connected()];
      const answers = await stage.subscribe(asker, stage.channel('answers'));
      const draining = deferred();
      const requests = await stage.subscribe(transport, stage.channel('requests'), {
        handle: async () => {
          await draining.promise;
          await stage.publish(transport, stage.channel('answers'), 'done');
        },
      });
      await stage.publish(asker, stage.channel('requests'), 'x');
      await requests.reach(1, 'the request');
      const drained = transport.drain();
      draining.resolve();
      await stage.within(drained, 'drain()');
      await answers.reach(1, 'the answer sent while draining');
      checkEqual(answers.texts, ['done'], 'the answers');
      checkEqual(
        stage.events(transport).entries.filter(({ kind }) => kind === 'handler-failed'),
        [],
        'failures',
      );
    },
  }),
  defineCase({
    id: 'basics/drain-gives-up',
    title: 'drain() closes after its time, whatever a handler does',
    async run(stage) {
      const transport = await stage.connected();
      const release = deferred();
      const inbox = await stage.subscribe(transport, stage.channel('stuck'), {
        handle: () => release.promise,
      });
      await stage.publish(transport, stage.channel('stuck'), 'x');
      await inbox.reach(1, 'the message');
      await stage.within(transport.drain({ timeoutMs: 20 }), 'drain({ timeoutMs: 20 })');
      checkEqual(transport.state, { kind: 'closed' }, 'the state after drain()');
      release.resolve();
    },
  }),
];
