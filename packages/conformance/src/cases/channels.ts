import { defineCase } from '../case.js';
import { checkEqual, checkRejects } from '../check.js';
import { type Inbox, numbers, type Stage } from '../stage.js';

/** Where messages are published, below the case's own channel; `''` is that channel itself. */
const CHANNELS = ['', 'a', 'A', 'ab', 'b', 'a/c', 'a/d', 'b/c', 'a/c/e', 'a/b/c/d', 'a-b', 'a_b'] as const;

interface PatternRow {
  readonly id: string;
  readonly pattern: string;
  readonly matches: readonly string[];
}

const PATTERNS: readonly PatternRow[] = [
  { id: 'exact', pattern: 'a', matches: ['a'] },
  { id: 'exact-deep', pattern: 'a/c', matches: ['a/c'] },
  { id: 'star', pattern: '*', matches: ['a', 'A', 'ab', 'b', 'a-b', 'a_b'] },
  { id: 'star-first', pattern: '*/c', matches: ['a/c', 'b/c'] },
  { id: 'star-last', pattern: 'a/*', matches: ['a/c', 'a/d'] },
  { id: 'star-middle', pattern: 'a/*/e', matches: ['a/c/e'] },
  { id: 'star-twice', pattern: '*/*', matches: ['a/c', 'a/d', 'b/c'] },
  { id: 'hash', pattern: 'a/#', matches: ['a', 'a/c', 'a/d', 'a/c/e', 'a/b/c/d'] },
  { id: 'hash-alone', pattern: '#', matches: CHANNELS },
  { id: 'star-hash', pattern: '*/c/#', matches: ['a/c', 'b/c', 'a/c/e'] },
];

const INVALID = ['', '/a', 'a/', 'a//b', 'a/#/b', 'a/b#', 'a/*b', 'a/+', 'a.b', 'a b', 'ä', 'a/\u0000'];

function under(stage: Stage, name: string): string {
  return name === '' ? stage.base : stage.channel(name);
}

/** The last message on a channel that every subscription gets: all before it were delivered before it. */
async function checkTexts(inbox: Inbox, expected: readonly string[], what: string): Promise<void> {
  await inbox.reach(expected.length, what);
  checkEqual(inbox.texts, expected, what);
}

/** What a subscription takes in, and what not. */
export const channelCases = [
  ...PATTERNS.map(({ id, pattern, matches }) =>
    defineCase({
      id: `channels/${id}`,
      title: `a subscription of ${pattern} takes in ${matches.length} of ${CHANNELS.length} channels`,
      async run(stage) {
        const [sender, receiver] = [await stage.connected(), await stage.connected()];
        const inbox = await stage.subscribe(receiver, under(stage, pattern));
        for (const name of CHANNELS) await stage.publish(sender, under(stage, name), name);
        const [last = ''] = matches.slice(-1);
        await stage.publish(sender, under(stage, last), 'end');
        await checkTexts(inbox, [...matches, 'end'], `what ${pattern} takes in`);
      },
    }),
  ),
  defineCase({
    id: 'channels/publish-to-pattern',
    title: 'publish() to a pattern rejects with CONFIG_INVALID',
    async run(stage) {
      const transport = await stage.connected();
      for (const pattern of ['*', '#', 'a/*', 'a/#', '*/a']) {
        const publishing = stage.publish(transport, stage.channel(pattern), 'x');
        await checkRejects(publishing, ['CONFIG_INVALID'], `publish() to ${pattern}`);
      }
      await stage.roundTrip(transport);
    },
  }),
  defineCase({
    id: 'channels/invalid',
    title: 'publish() and subscribe() refuse channels that no protocol could carry, and stay usable',
    async run(stage) {
      const transport = await stage.connected();
      for (const channel of INVALID) {
        const what = JSON.stringify(channel);
        const publishing = stage.publish(transport, channel, 'x');
        await checkRejects(publishing, ['CONFIG_INVALID'], `publish() to ${what}`);
        const subscribing = stage.within(
          transport.subscribe(channel, () => {}),
          'subscribe()',
        );
        await checkRejects(subscribing, ['CONFIG_INVALID'], `subscribe() of ${what}`);
      }
      await stage.roundTrip(transport);
      checkEqual(stage.states(transport), ['connecting', 'open'], 'the announced states');
    },
  }),
  defineCase({
    id: 'channels/overlap',
    title: 'overlapping subscriptions get each message once each',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const patterns = ['a', 'a', '*', '#', 'a/#'];
      const inboxes = [];
      for (const pattern of patterns) inboxes.push(await stage.subscribe(receiver, stage.channel(pattern)));
      for (const text of numbers(20)) await stage.publish(sender, stage.channel('a'), text);
      for (const [index, inbox] of inboxes.entries()) {
        await inbox.reach(20, `the messages for ${patterns[index]}`);
      }
      await stage.roundTrip(receiver);
      for (const [index, inbox] of inboxes.entries()) {
        checkEqual(
          inbox.texts.filter((text) => text !== 'ping'),
          numbers(20),
          `what ${patterns[index]} took in`,
        );
      }
    },
  }),
  defineCase({
    id: 'channels/overlap-ends-alone',
    title: 'ending one of several overlapping subscriptions leaves the others as they are',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const channel = stage.channel('a');
      const first = await stage.subscribe(receiver, channel);
      const second = await stage.subscribe(receiver, channel);
      const pattern = await stage.subscribe(receiver, stage.channel('*'));
      await stage.within(first.subscription.unsubscribe(), 'unsubscribe()');
      for (const text of numbers(5)) await stage.publish(sender, channel, text);
      await checkTexts(second, numbers(5), 'what the second subscription of the channel took in');
      await checkTexts(pattern, numbers(5), 'what the pattern took in');
      checkEqual(first.texts, [], 'what the ended subscription took in');
    },
  }),
];
