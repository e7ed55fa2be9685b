import type { WireMessage } from '@intersect-sdk/core';
import { defineCase } from '../case.js';
import { check, checkEqual } from '../check.js';
import { numbers, type Stage } from '../stage.js';

const PAYLOADS: readonly (readonly [name: string, payload: Uint8Array])[] = [
  ['no byte', new Uint8Array(0)],
  ['one byte, 0', new Uint8Array([0])],
  ['each of the 256 bytes', Uint8Array.from({ length: 256 }, (_, index) => index)],
  ['1 MiB', Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 31 + (index >> 8)) & 0xff)],
];

const CONTENT_TYPES = [
  'application/json',
  'text/plain',
  'application/octet-stream',
  'application/vnd.example.v1+json',
  'image/x-raw',
  '',
];

/** Sends the message from one transport to another and gives back what arrived. */
async function carry(stage: Stage, message: WireMessage): Promise<WireMessage> {
  const [sender, receiver] = [await stage.connected(), await stage.connected()];
  const inbox = await stage.subscribe(receiver, message.channel);
  await stage.within(sender.publish(message), 'publish()');
  const [first] = await inbox.reach(1, 'the message');
  check(first !== undefined, 'no message');
  return first.message;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.byteLength !== right.byteLength) return false;
  for (let index = 0; index < left.byteLength; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** Key by key, since a transport may give the headers in another order. */
function checkHeaders(
  actual: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): void {
  const sorted = (headers: object): unknown => Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  checkEqual(sorted(actual), sorted(expected), 'the headers');
}

/** What is sent is what arrives. */
export const fidelityCases = [
  ...PAYLOADS.map(([name, payload]) =>
    defineCase({
      id: `fidelity/payload-${name.replace(/\W+/g, '-').toLowerCase()}`,
      title: `carries a payload of ${name}`,
      async run(stage) {
        const arrived = await carry(stage, { ...stage.message(stage.channel('bytes'), ''), payload });
        check(arrived.payload instanceof Uint8Array, 'the payload must be a Uint8Array');
        check(
          sameBytes(arrived.payload, payload),
          `sent ${payload.byteLength} bytes; ${arrived.payload.byteLength} bytes arrived, not the same ones`,
        );
      },
    }),
  ),
  defineCase({
    id: 'fidelity/headers',
    title: 'carries 64 headers',
    async run(stage) {
      const headers = Object.fromEntries(numbers(64).map((n) => [`header_${n}`, `value ${n}`]));
      const message = { ...stage.message(stage.channel('headers'), 'x'), headers };
      checkHeaders((await carry(stage, message)).headers, headers);
    },
  }),
  defineCase({
    id: 'fidelity/header-values',
    title: 'carries header values that are empty, long, padded or not ASCII',
    async run(stage) {
      const headers = {
        empty: '',
        long: 'x'.repeat(4096),
        padded: '  both ends  ',
        'not-ascii': 'ä 漢字 🧪 \u200f',
        punctuation: `{"a":'b',c=d;%20&}\\`,
        number: '0042',
        'has.dot': 'true',
      };
      const message = { ...stage.message(stage.channel('headers'), 'x'), headers };
      checkHeaders((await carry(stage, message)).headers, headers);
    },
  }),
  defineCase({
    id: 'fidelity/no-headers',
    title: 'adds no headers of its own',
    async run(stage) {
      checkHeaders((await carry(stage, stage.message(stage.channel('headers'), 'x'))).headers, {});
    },
  }),
  defineCase({
    id: 'fidelity/content-type',
    title: 'carries the content type, also an empty one',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, stage.channel('types'));
      for (const contentType of CONTENT_TYPES) {
        const message = { ...stage.message(stage.channel('types'), contentType), contentType };
        await stage.within(sender.publish(message), 'publish()');
      }
      await inbox.reach(CONTENT_TYPES.length, 'all messages');
      const types = inbox.entries.map(({ message }) => message.contentType);
      checkEqual(types, CONTENT_TYPES, 'the content types');
    },
  }),
  defineCase({
    id: 'fidelity/channel',
    title: 'tells the channel that a message was published to, not the pattern it came by',
    async run(stage) {
      const transport = await stage.connected();
      const inbox = await stage.subscribe(transport, stage.channel('#'));
      const channels = [stage.channel('one'), stage.channel('two/and_more-words/OR_less')];
      for (const channel of channels) await stage.publish(transport, channel, 'x');
      await inbox.reach(channels.length, 'all messages');
      checkEqual(
        inbox.entries.map(({ message }) => message.channel),
        channels,
        'the channels',
      );
    },
  }),
  defineCase({
    id: 'fidelity/order',
    title: 'keeps the order of 200 messages published without waiting',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, stage.channel('order'));
      await Promise.all(numbers(200).map((text) => stage.publish(sender, stage.channel('order'), text)));
      await inbox.reach(200, 'all messages');
      checkEqual(inbox.texts, numbers(200), 'the order');
    },
  }),
  defineCase({
    id: 'fidelity/own-messages',
    title: 'gets its own messages, each once',
    async run(stage) {
      const transport = await stage.connected();
      const inbox = await stage.subscribe(transport, stage.channel('own'));
      for (const text of numbers(5)) await stage.publish(transport, stage.channel('own'), text);
      await inbox.reach(5, 'all messages');
      await stage.roundTrip(transport);
      checkEqual(inbox.texts, numbers(5), 'the messages');
    },
  }),
  defineCase({
    id: 'fidelity/not-durable',
    title: 'carries messages that are not durable to those that are there',
    async run(stage) {
      const [sender, receiver] = [await stage.connected(), await stage.connected()];
      const inbox = await stage.subscribe(receiver, stage.channel('volatile'));
      const publish = (text: string): Promise<void> =>
        sender.publish(stage.message(stage.channel('volatile'), text), { durable: false });
      await stage.within(Promise.all(numbers(20).map(publish)), 'publish()');
      await inbox.reach(20, 'all messages');
      checkEqual(inbox.texts, numbers(20), 'the messages');
    },
  }),
  defineCase({
    id: 'fidelity/foreign',
    title: "carries another program's message, also without headers and content type",
    needs: ['publishForeign'],
    async run(stage) {
      const transport = await stage.connected();
      const channel = stage.channel('foreign');
      const inbox = await stage.subscribe(transport, channel);
      const bare = { ...stage.message(channel, 'bare'), contentType: '' };
      const full = { ...stage.message(channel, 'full'), headers: { message_id: 'ä' } };
      for (const message of [bare, full]) await stage.harness.publishForeign?.(message);
      await inbox.reach(2, 'both messages');
      const arrived = inbox.entries.map(({ message }) => [message.contentType, message.headers]);
      checkEqual(
        arrived,
        [
          ['', {}],
          ['text/plain', { message_id: 'ä' }],
        ],
        'content types and headers',
      );
      checkEqual(inbox.texts, ['bare', 'full'], 'the payloads');
    },
  }),
];
