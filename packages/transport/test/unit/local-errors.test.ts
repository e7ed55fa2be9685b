// What a driver throws about one message or one subscription says nothing about the connection.
import { describe, expect, it, vi } from 'vitest';
import type { Link, SubscriptionSpec, TransportEvent } from '../../src/index.js';
import type { ScriptedLink } from './scripted-driver.js';
import { lost, message, setUp, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

const local = new RangeError('too long for a short string');

/** How a driver can fail by itself. */
const failures: readonly (readonly [string, () => Promise<never>])[] = [
  [
    'throws at once',
    () => {
      throw local;
    },
  ],
  ['rejects', () => Promise.reject(local)],
  ['rejects with what is no error', () => Promise.reject('no')],
  ['answers with no promise', () => undefined as never],
];

function failingPublish(link: ScriptedLink, channel: string, fail: () => Promise<never>): void {
  const publish = link.publish.bind(link);
  link.publish = (sent, options) => (sent.channel === channel ? fail() : publish(sent, options));
}

describe.each(failures)('a driver that %s when it publishes', (_, fail) => {
  it('ends the publish with a typed error, and nothing else', async () => {
    const { driver, transport, states } = setUp();
    driver.prepareLink = (link) => failingPublish(link, 'org/bad', fail);
    await transport.connect();
    const other = transport.publish(message('org/good'));
    await expect(transport.publish(message('org/bad'))).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: expect.stringContaining('org/bad'),
    });
    driver.link.published[0]?.confirm();
    await other;
    expect(states).toEqual(['connecting', 'open']);
    // What waited for the link is not kept from it.
    await transport.drain();
  });

  it('ends a publish that waited for the connection, which comes about', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    driver.prepareLink = (link) => failingPublish(link, 'org/bad', fail);
    driver.link.events.lost(lost);
    const bad = transport.publish(message('org/bad')).catch((error: unknown) => error);
    const good = transport.publish(message('org/good'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await bad).toMatchObject({ code: 'PUBLISH_REFUSED' });
    driver.link.published[0]?.confirm();
    await good;
    expect([transport.state.kind, driver.opens]).toEqual(['open', 2]);
    await transport.close();
  });
});

// Without a promise a subscription is simply made.
describe.each(failures.slice(0, 3))('a driver that %s when it subscribes', (_, fail) => {
  it('ends the subscription with a typed error, and nothing else', async () => {
    const { driver, transport, states } = setUp();
    driver.prepareLink = (link) => {
      const subscribe: Link['subscribe'] = link.subscribe.bind(link);
      link.subscribe = (spec: SubscriptionSpec) => (spec.channel === 'bad' ? fail() : subscribe(spec));
    };
    await transport.connect();
    await expect(transport.subscribe('bad', () => {})).rejects.toMatchObject({
      code: 'SUBSCRIBE_REFUSED',
      message: expect.stringContaining('bad'),
    });
    await transport.subscribe('good', () => {});
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(driver.link.subscribed.map(({ channel }) => channel)).toEqual(['good']);
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    await transport.close();
  });

  it('is told of a subscription that was there before', async () => {
    const { driver, transport } = setUp();
    await transport.connect();
    const events: TransportEvent[] = [];
    transport.onEvent((event) => void events.push(event));
    await transport.subscribe('bad', () => {});
    driver.prepareLink = (link) => {
      link.subscribe = fail;
    };
    driver.link.events.lost(lost);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events.filter(({ kind }) => kind === 'subscription-lost')).toMatchObject([
      { channel: 'bad', error: { code: 'SUBSCRIBE_REFUSED' } },
    ]);
    expect(transport.state.kind).toBe('open');
    await transport.close();
  });
});

it('a callback of the caller that throws ends its own publish alone', async () => {
  const { driver, transport } = setUp();
  await transport.connect();
  const bug = () => {
    throw new Error('bug');
  };
  const bad = transport.publish(message('org/bad'), { onHandedOver: bug });
  await expect(bad).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
  const unsure = transport.publish(message('org/bad'), { stillWanted: bug }).catch((error: unknown) => error);
  const good = transport.publish(message('org/good'));
  driver.link.events.lost(lost);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await unsure).toMatchObject({ code: 'PUBLISH_REFUSED' });
  driver.link.published.at(-1)?.confirm();
  await good;
  await transport.close();
});

it('a link that throws in ready() is used all the same', async () => {
  const { driver, transport, states } = setUp();
  driver.prepareLink = (link) => {
    Object.assign(link, {
      ready: () => {
        throw local;
      },
    });
  };
  await transport.connect();
  await ticks();
  expect(states).toEqual(['connecting', 'open']);
  await transport.close();
});

it('a link that says in subscribe() that it is lost, and in no other way, is left for the next one', async () => {
  const { driver, transport } = setUp();
  await transport.connect();
  driver.link.onSubscribe = () => Promise.reject(lost);
  const subscribing = transport.subscribe('a', () => {});
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await subscribing).channel).toBe('a');
  expect([driver.links.length, driver.links[0]?.destroyed]).toEqual([2, true]);
  await transport.close();
});

it.each([
  ['a RangeError', () => Promise.reject(local)],
  ['what is no error', () => Promise.reject('no')],
])('open() that throws %s settles connect() with a typed error', async (_, open) => {
  const { driver, transport } = setUp();
  driver.open = open;
  await expect(transport.connect()).rejects.toMatchObject({ code: 'CONNECT_REFUSED' });
  await transport.close();
});
