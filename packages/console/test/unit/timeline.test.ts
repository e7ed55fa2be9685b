import { describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../src/state/timeline/entry.js';
import { filterOf } from '../../src/state/timeline/filter-query.js';
import { readRecord, recordLine } from '../../src/state/timeline/record.js';
import { Timeline } from '../../src/state/timeline/timeline.js';

const SERVICE = 'lab.hall.room.-.camera';
const ASKER = 'tmp-.tmp-.tmp-.-.asker';

interface Told {
  readonly id?: string;
  readonly atMs?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

function request({ id = 'r1', atMs = 1_000, body = '1' }: Told = {}): SeenMessage {
  const headers = {
    source: ASKER,
    destination: SERVICE,
    request_id: id,
    campaign_id: 'c1',
    operation_id: 'Camera.take',
  };
  return seen('request', { address: SERVICE, headers, atMs, body });
}

function answer({ id = 'r1', atMs = 1_250, body = '"taken"', headers: more = {} }: Told = {}): SeenMessage {
  const headers = {
    source: SERVICE,
    destination: ASKER,
    request_id: id,
    campaign_id: 'c1',
    operation_id: 'Camera.take',
    has_error: 'false',
    ...more,
  };
  return seen('answer', { address: ASKER, headers, atMs, body });
}

function event(name: string, body = '{"size":3}'): SeenMessage {
  const headers = { source: SERVICE, capability_name: 'Camera', event_name: name, campaign_id: 'c2' };
  return seen('event', { address: SERVICE, headers, atMs: 2_000, body });
}

function seen(
  kind: SeenMessage['kind'],
  given: { address: string; headers: Record<string, string>; atMs: number; body: string },
): SeenMessage {
  const { address, headers, atMs, body } = given;
  const payload = new TextEncoder().encode(body);
  const message = { channel: 'a/b', contentType: 'application/json', headers, payload };
  return { kind, address, broker: 'mqtt://lab', atMs, own: false, message };
}

function rowsOf(timeline: Timeline, filter = {}) {
  return timeline.find(filter, 100).rows;
}

describe('the timeline', () => {
  test('joins a request with its answer, and says how long it took', () => {
    const timeline = new Timeline();
    timeline.add(request());
    expect(rowsOf(timeline)).toMatchObject([{ state: 'waiting', service: SERVICE, asker: ASKER }]);
    timeline.add(answer());
    expect(rowsOf(timeline)).toMatchObject([{ state: 'answered', durationMs: 250, what: 'Camera.take' }]);
  });

  test('joins them also where the answer was seen first, and shows what comes twice once', () => {
    const timeline = new Timeline();
    timeline.add(answer());
    timeline.add(request());
    timeline.add(request());
    timeline.add(answer());
    const [row, ...others] = rowsOf(timeline);
    expect(row).toMatchObject({ state: 'answered', durationMs: 250, atMs: 1_000 });
    expect(others).toEqual([]);
    expect(timeline.entry(row?.id ?? 0)?.messages.map(({ kind }) => kind)).toEqual(['request', 'answer']);
  });

  test('shows an answer that is an error as failed', () => {
    const timeline = new Timeline();
    timeline.add(request());
    timeline.add(answer({ headers: { has_error: 'true' } }));
    expect(rowsOf(timeline)).toMatchObject([{ state: 'failed' }]);
  });

  test('takes parts of long work for no answer', () => {
    const timeline = new Timeline();
    timeline.add(request());
    timeline.add(answer({ headers: { 'x-intersect-part': 'progress' } }));
    expect(rowsOf(timeline)).toMatchObject([{ state: 'waiting', parts: 1 }]);
    timeline.add(answer());
    expect(rowsOf(timeline)).toMatchObject([{ state: 'answered', parts: 1 }]);
  });

  test('puts what an asker says about its request to that request', () => {
    const timeline = new Timeline();
    timeline.add(request());
    const cancel = answer({
      headers: { 'x-intersect-control': 'cancel', source: ASKER, destination: SERVICE },
    });
    timeline.add(cancel);
    const [row, ...others] = rowsOf(timeline);
    expect(row).toMatchObject({ state: 'waiting' });
    expect(others).toEqual([]);
    expect(timeline.entry(row?.id ?? 0)?.messages).toHaveLength(2);
  });

  test('does not join requests of two askers that chose the same id', () => {
    const timeline = new Timeline();
    timeline.add(request());
    const other = request();
    const headers = { ...other.message.headers, source: 'another.asker.x.-.y' };
    timeline.add({ ...other, message: { ...other.message, headers } });
    expect(rowsOf(timeline)).toHaveLength(2);
  });

  test('keeps the newest within its limits, and counts what it forgot', () => {
    const timeline = new Timeline({ entries: 3 });
    for (let number = 0; number < 5; number++) timeline.add(event(`e${number}`));
    expect(timeline.find({}, 2)).toMatchObject({ matching: 3, kept: 3, forgotten: 2 });
    expect(rowsOf(timeline).map(({ what }) => what)).toEqual(['Camera.e4', 'Camera.e3', 'Camera.e2']);
  });

  test('is bounded by bytes, too', () => {
    const timeline = new Timeline({ bytes: 10_000 });
    for (let number = 0; number < 5; number++) timeline.add(event('big', 'x'.repeat(4_000)));
    expect(timeline.find({}, 10).kept).toBe(2);
  });

  test.each([
    ['service', { service: 'CAMERA' }, 2],
    ['another service', { service: 'oven' }, 0],
    ['operation', { operation: 'camera.take' }, 1],
    ['campaign', { campaign: 'c2' }, 1],
    ['kind', { kind: 'event' }, 1],
    ['state', { state: 'waiting' }, 1],
    ['a text of the payload', { text: '"size"' }, 1],
    ['a text of the headers', { text: ASKER }, 1],
    ['two that exclude each other', { kind: 'event', state: 'waiting' }, 0],
    ['a state that there is not', { state: 'odd' }, 2],
  ])('is filtered by %s', (_name, query, count) => {
    const timeline = new Timeline();
    timeline.add(request());
    timeline.add(event('finished'));
    expect(rowsOf(timeline, filterOf(query as Record<string, string>))).toHaveLength(count);
  });
});

describe('a record', () => {
  test('is read back as it was written', () => {
    const messages = [request(), answer(), event('taken')];
    const { messages: read, wrongLines } = readRecord(messages.map(recordLine).join('\n'));
    expect(read).toEqual(messages);
    expect(wrongLines).toEqual([]);
  });

  test('is read as the command line writes it, and wrong lines are told', () => {
    const line =
      '{"at":"2026-01-02T03:04:05.678Z","kind":"event","address":"a.b.c.-.d","broker":"mqtt://lab:1883","channel":"a/b","contentType":"application/json","headers":{"event_name":"e"},"base64":"MQ=="}';
    const { messages, wrongLines } = readRecord(`${line}\n\nnothing\n{"kind":"event"}\n`);
    expect(messages).toMatchObject([{ atMs: 1767323045678, address: 'a.b.c.-.d', kind: 'event' }]);
    expect([...(messages[0]?.message.payload ?? [])]).toEqual([0x31]);
    expect(wrongLines).toEqual([3, 4]);
  });
});
