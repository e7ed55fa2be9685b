import { CREDIT_ITEMS, nextTurn } from '@intersect-sdk/core/internal';
import { describe, expect, test } from 'vitest';
import { LeftStreams } from '../../src/serve/parts/left-streams.js';
import type { LiveRequest } from '../../src/serve/parts/live-request.js';
import { OutgoingItems } from '../../src/serve/parts/outgoing-items.js';

const item = (n: number): Uint8Array => Buffer.from(String(n));
const MIB = 1024 * 1024;

describe('the items of a stream', () => {
  test('that their reader has of an earlier process are not sent again, and those after them are', async () => {
    const sent: [number, unknown][] = [];
    const items = new OutgoingItems({
      send: async (payload, seq) => void sent.push([seq, JSON.parse(Buffer.from(payload).toString())]),
      onAskerGone: () => {},
    });
    items.add(item(0));
    await items.out(new AbortController().signal);
    items.credit(3);
    expect([1, 2, 3, 4].map((n) => items.add(item(n)))).toEqual([false, false, true, true]);
    await items.out(new AbortController().signal);
    expect(sent).toEqual([
      [0, [0]],
      [3, [3, 4]],
    ]);
    expect(items.count).toBe(5);
  });

  test('fill no window while their reader has them', async () => {
    const items = new OutgoingItems({ send: () => nextTurn(), onAskerGone: () => {} });
    items.credit(1_000);
    for (let n = 0; n < 1_000; n++) items.add(item(n));
    expect(items.isFull).toBe(false);
    for (let n = 0; n < CREDIT_ITEMS; n++) items.add(item(n));
    expect(items.isFull).toBe(true);
  });
});

describe('streams that were answered', () => {
  /** What is kept of a stream, and how often somebody looks how much that is. */
  class Stream {
    looks = 0;
    readonly #bytes: () => number;

    constructor(bytes: () => number) {
      this.#bytes = bytes;
    }

    get items(): { readonly keptBytes: number } {
      this.looks += 1;
      return { keptBytes: this.#bytes() };
    }

    asRequest(): LiveRequest {
      return this as unknown as LiveRequest;
    }
  }

  test('are kept until they are too many bytes, the newest longest', () => {
    const dropped: LiveRequest[] = [];
    const left = new LeftStreams((request) => dropped.push(request));
    const streams = Array.from({ length: 20 }, () => new Stream(() => MIB).asRequest());
    for (const stream of streams) left.add(stream);
    expect(dropped).toEqual(streams.slice(0, 4));
    expect(left.size).toBe(16);
  });

  test('make room as they are read, and are let go when nothing is left of them', () => {
    const dropped: LiveRequest[] = [];
    const left = new LeftStreams((request) => dropped.push(request));
    let bytes = 15 * MIB;
    const read = new Stream(() => bytes).asRequest();
    left.add(read);
    bytes = 0;
    left.read(read);
    left.read(read);
    expect(dropped).toEqual([read]);
    const next = new Stream(() => 15 * MIB).asRequest();
    left.add(next);
    expect(dropped).toEqual([read]);
    expect(left.size).toBe(1);
  });

  test('are bounded in number, and one more looks through none of the others', () => {
    let dropped = 0;
    const left = new LeftStreams(() => {
      dropped += 1;
    });
    const streams = Array.from({ length: 10_100 }, () => new Stream(() => 1));
    for (const stream of streams) left.add(stream.asRequest());
    expect(dropped).toBe(100);
    expect(left.size).toBe(10_000);
    expect(Math.max(...streams.map(({ looks }) => looks))).toBe(1);
  });
});
