import { TransportError } from '@intersect-sdk/core';
import { defineCase } from '../case.js';
import { CONNECT_FAILURES, check, checkEqual, checkRejects } from '../check.js';
import { countOf, TOO_LONG_FOR_SOME } from '../stage.js';

const nothing = (): void => {};

/** Connecting, being used too early or too late, and telling about it. */
export const basicsCases = [
  defineCase({
    id: 'basics/idle-until-connect',
    title: 'does nothing before connect()',
    async run(stage) {
      const transport = stage.create();
      checkEqual(transport.state, { kind: 'idle' }, 'the state of a new transport');
      check(transport.name.length > 0, 'a transport must have a name');
      const connected = await stage.connected();
      await stage.roundTrip(connected);
      checkEqual(transport.state, { kind: 'idle' }, 'the state without connect()');
      checkEqual(stage.states(transport), [], 'the states announced without connect()');
    },
  }),
  defineCase({
    id: 'basics/connect-opens',
    title: "connect() resolves when open, by way of 'connecting'",
    async run(stage) {
      const transport = stage.create();
      await stage.within(transport.connect(), 'connect()');
      checkEqual(transport.state.kind, 'open', 'the state after connect()');
      checkEqual(stage.states(transport), ['connecting', 'open'], 'the announced states');
    },
  }),
  defineCase({
    id: 'basics/connect-joins',
    title: 'connect() joins a try under way, and does nothing when open',
    async run(stage) {
      const transport = stage.create();
      await stage.within(Promise.all([transport.connect(), transport.connect()]), 'connect() twice');
      await stage.within(transport.connect(), 'connect() when open');
      await stage.roundTrip(transport);
      checkEqual(stage.states(transport), ['connecting', 'open'], 'the announced states');
    },
  }),
  defineCase({
    id: 'basics/connect-fails-once',
    title: 'connect() without retry rejects after one try and can be called again',
    needs: ['refuse'],
    async run(stage) {
      const transport = stage.create();
      await stage.harness.refuse?.(true);
      const error = await checkRejects(
        stage.within(transport.connect(), 'connect() while refused'),
        CONNECT_FAILURES,
        'connect() while refused',
      );
      check(
        error instanceof TransportError && error.retryable,
        'the error must be a retryable TransportError',
      );
      checkEqual(transport.state, { kind: 'idle' }, 'the state after a failed connect()');
      await stage.harness.refuse?.(false);
      await stage.within(transport.connect(), 'connect() again');
      await stage.roundTrip(transport);
    },
  }),
  defineCase({
    id: 'basics/connect-retries',
    title: 'connect() with retry goes on until the broker is there',
    needs: ['refuse'],
    async run(stage) {
      const transport = stage.create();
      await stage.harness.refuse?.(true);
      const connecting = transport.connect({ retry: true });
      connecting.catch(nothing);
      await stage.eventually(
        () => transport.state.kind === 'connecting' && transport.state.attempt >= 3,
        'a third try',
      );
      checkEqual(stage.states(transport), ['connecting'], 'one event for all tries');
      await stage.harness.refuse?.(false);
      await stage.within(connecting, 'connect() with retry');
      await stage.roundTrip(transport);
    },
  }),
  defineCase({
    id: 'basics/rejected-credentials',
    title: "refused credentials end in 'closed' with that error, retry or not",
    needs: ['createRejected'],
    async run(stage) {
      const refused = async (retry: boolean): Promise<void> => {
        const transport = stage.createRejected();
        const what = `connect({ retry: ${retry} }) with refused credentials`;
        const error = await checkRejects(
          stage.within(transport.connect({ retry }), what),
          ['AUTH_REFUSED'],
          what,
        );
        check(error instanceof TransportError, `${what} must reject with a TransportError`);
        const end = await stage.within(transport.closed, 'closed after refused credentials');
        checkEqual(end?.code, 'AUTH_REFUSED', 'the error that closed resolves with');
        const { state } = transport;
        check(
          state.kind === 'closed' && state.error?.code === 'AUTH_REFUSED',
          'the state must be closed with it',
        );
        await checkRejects(
          stage.within(transport.connect(), 'connect() again'),
          ['CLOSED'],
          'connect() again',
        );
      };
      // At once, since some brokers take seconds to say no.
      await Promise.all([refused(false), refused(true)]);
    },
  }),
  defineCase({
    id: 'basics/use-before-connect',
    title: 'publish() and subscribe() before connect() reject with NOT_CONNECTED',
    async run(stage) {
      const transport = stage.create();
      const channel = stage.channel('early');
      const publishing = stage.publish(transport, channel, 'x');
      await checkRejects(publishing, ['NOT_CONNECTED'], 'publish() before connect()');
      const subscribing = stage.within(transport.subscribe(channel, nothing), 'subscribe()');
      await checkRejects(subscribing, ['NOT_CONNECTED'], 'subscribe() before connect()');
    },
  }),
  defineCase({
    id: 'basics/use-after-close',
    title: 'connect(), publish() and subscribe() after close() reject with CLOSED',
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('late');
      await stage.within(transport.close(), 'close()');
      await checkRejects(stage.publish(transport, channel, 'x'), ['CLOSED'], 'publish() after close()');
      const subscribing = stage.within(transport.subscribe(channel, nothing), 'subscribe()');
      await checkRejects(subscribing, ['CLOSED'], 'subscribe() after close()');
      await checkRejects(
        stage.within(transport.connect(), 'connect()'),
        ['CLOSED'],
        'connect() after close()',
      );
    },
  }),
  defineCase({
    id: 'basics/close-idempotent',
    title: 'close() can be called any number of times; closed resolves without an error',
    async run(stage) {
      const transport = await stage.connected();
      const closing = [transport.close(), transport.close()];
      await stage.within(Promise.all(closing), 'close() twice');
      await stage.within(transport.close(), 'close() a third time');
      await stage.within(transport.drain(), 'drain() after close()');
      check(
        (await stage.within(transport.closed, 'closed')) === undefined,
        'closed must resolve without an error',
      );
      checkEqual(transport.state, { kind: 'closed' }, 'the state after close()');
      checkEqual(countOf(stage.states(transport), 'closed'), 1, "how often 'closed' was announced");
    },
  }),
  defineCase({
    id: 'basics/close-unconnected',
    title: 'close() of a transport that never connected',
    async run(stage) {
      const transport = stage.create();
      await stage.within(transport.close(), 'close()');
      check(
        (await stage.within(transport.closed, 'closed')) === undefined,
        'closed must resolve without an error',
      );
      checkEqual(transport.state, { kind: 'closed' }, 'the state after close()');
    },
  }),
  defineCase({
    id: 'basics/close-rejects-waiting',
    title: 'close() ends a connect() under way',
    needs: ['refuse'],
    async run(stage) {
      const transport = stage.create();
      await stage.harness.refuse?.(true);
      const connecting = transport.connect({ retry: true });
      connecting.catch(nothing);
      await stage.eventually(() => transport.state.kind === 'connecting', "the state 'connecting'");
      await stage.within(transport.close(), 'close() while connecting');
      await checkRejects(
        stage.within(connecting, 'connect()'),
        ['CLOSED', 'ABORTED', ...CONNECT_FAILURES],
        'connect() ended by close()',
      );
      checkEqual(transport.state, { kind: 'closed' }, 'the state after close()');
    },
  }),
  defineCase({
    id: 'basics/fresh',
    title: 'fresh() gives another transport to the same broker, not connected, before and after close()',
    async run(stage) {
      const transport = await stage.connected();
      const early = stage.adopt(transport.fresh());
      await stage.within(transport.close(), 'close()');
      const late = stage.adopt(transport.fresh());
      for (const fresh of [early, late]) {
        checkEqual(fresh.state, { kind: 'idle' }, 'the state of what fresh() gave');
        await stage.within(fresh.connect(), 'connect()');
      }
      const inbox = await stage.subscribe(early, stage.channel('fresh'));
      await stage.publish(late, stage.channel('fresh'), 'x');
      await inbox.reach(1, 'the message from one fresh transport to the other');
      checkEqual(transport.state, { kind: 'closed' }, 'the state of the old transport');
    },
  }),
  defineCase({
    id: 'basics/listeners',
    title: 'a listener that throws harms nobody, and a removed one hears nothing',
    async run(stage) {
      const transport = stage.create();
      const heard: string[] = [];
      const remove = transport.onEvent(() => heard.push('removed'));
      transport.onEvent(() => {
        throw new Error('thrown by a listener, on purpose');
      });
      transport.onEvent(({ kind }) => heard.push(kind));
      remove();
      await stage.within(transport.connect(), 'connect()');
      await stage.roundTrip(transport);
      checkEqual(heard, ['state', 'state'], 'what the listeners heard');
    },
  }),
  defineCase({
    id: 'basics/unroutable',
    title: 'publish() with mustRoute rejects with UNROUTABLE when no one receives it',
    needs: ['unroutable'],
    async run(stage) {
      const transport = await stage.connected();
      const message = stage.message(stage.channel('nobody'), 'x');
      const publishing = stage.within(transport.publish(message, { mustRoute: true }), 'publish()');
      await checkRejects(publishing, ['UNROUTABLE'], 'publish() that must be routed');
      await stage.within(transport.publish(message), 'publish() that need not be routed');
      const inbox = await stage.subscribe(transport, message.channel);
      await stage.within(transport.publish(message, { mustRoute: true }), 'publish() to someone');
      await inbox.reach(1, 'the message');
    },
  }),
  defineCase({
    id: 'basics/payload-too-large',
    title: 'a payload over the limit rejects with PAYLOAD_TOO_LARGE and harms nothing else',
    needs: ['maxPayloadBytes'],
    async run(stage) {
      const transport = await stage.connected();
      const limit = transport.capabilities.maxPayloadBytes ?? Number.POSITIVE_INFINITY;
      const allowed = stage.harness.maxPayloadBytes ?? 0;
      check(
        limit <= allowed,
        `maxPayloadBytes must be known when open, and at most ${allowed}; it is ${limit}`,
      );
      const message = { ...stage.message(stage.channel('large'), ''), payload: new Uint8Array(limit + 1) };
      const publishing = stage.within(transport.publish(message), 'publish()');
      await checkRejects(publishing, ['PAYLOAD_TOO_LARGE'], 'publish() of one byte too many');
      await stage.roundTrip(transport);
      checkEqual(stage.states(transport), ['connecting', 'open'], 'the announced states');
    },
  }),
  defineCase({
    id: 'basics/publish-local-error',
    title:
      'a publish that throws locally, as to a channel too long for the protocol, ends with an error or goes out, and costs nothing else',
    async run(stage) {
      const transport = await stage.connected();
      for (const length of TOO_LONG_FOR_SOME) {
        const what = `publish() to a channel of ${length} letters`;
        const long = stage.message(stage.channel('x'.repeat(length)), 'x');
        const publishing = stage.within(transport.publish(long), what);
        const refused = await publishing.then(
          () => false,
          () => true,
        );
        const codes = ['CONFIG_INVALID', 'PUBLISH_REFUSED', 'PAYLOAD_TOO_LARGE'];
        if (refused) await checkRejects(publishing, codes, what);
      }
      await stage.roundTrip(transport);
      checkEqual(stage.states(transport), ['connecting', 'open'], 'the announced states');
    },
  }),
];
