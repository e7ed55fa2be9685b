import type { WireMessage } from '@intersect-sdk/core';
import { Observers, type Report, WIRE_0_9 } from '@intersect-sdk/messaging';
import { beforeEach, describe, expect, test } from 'vitest';

let reports: Report[];
let observers: Observers;

beforeEach(() => {
  reports = [];
  observers = new Observers({
    wire: WIRE_0_9,
    observers: [{ onReport: (report) => void reports.push(report) }],
  });
});

/** A message as an SDK before 0.9 sends it. */
const old = (headers: object, more: object = {}): WireMessage => ({
  channel: 'org/fac/sys/-/svc/request',
  contentType: '',
  headers: {},
  payload: new TextEncoder().encode(
    JSON.stringify({
      messageId: '4d3c1f33-5a3a-4c5c-9d8e-5f4b8f1f9f11',
      operationId: 'Cap.do',
      headers,
      payload: 'hunter2',
      contentType: 'application/json',
    }),
  ),
  ...more,
});
const from = (source: unknown, sdk_version: unknown = '0.8.4') => old({ source, sdk_version });
const refuse = (message: WireMessage): void =>
  observers.refused(
    { kind: 'request-dropped', channel: message.channel, error: new Error('other') },
    message,
  );

describe('a message of an SDK before 0.9', () => {
  test('is reported as such, once for each sender and version', () => {
    for (let times = 0; times < 3; times++) refuse(from('org.fac.sys.-.asker'));
    refuse(from('org.fac.sys.-.other', '0.7.0'));
    refuse(from('org.fac.sys.-.asker', '0.8.5'));
    expect(reports.map(({ kind, code, message }) => [kind, code, /of (\S+) on/.exec(message)?.[1]])).toEqual([
      ['request-dropped', 'VERSION_INCOMPATIBLE', 'org.fac.sys.-.asker'],
      ['request-dropped', 'VERSION_INCOMPATIBLE', 'org.fac.sys.-.other'],
      ['request-dropped', 'VERSION_INCOMPATIBLE', 'org.fac.sys.-.asker'],
    ]);
    expect(reports[0]?.message).toContain('was sent by SDK 0.8.4, and the wire changed in 0.9');
    expect(reports[0]?.message).not.toContain('hunter2');
  });

  test('without a sender that can be said is reported without one', () => {
    refuse(from('evil\n[ERROR] forged'));
    refuse(from(undefined));
    expect(reports).toHaveLength(1);
    expect(reports[0]?.message).toContain('of an unknown sender');
    expect(reports[0]?.message).not.toContain('forged');
  });

  test.each([
    ['of our own version', from('org.fac.sys.-.asker', '0.9.1')],
    ['whose version is no text', from('org.fac.sys.-.asker', { major: 0 })],
    ['with headers of its own', old({ sdk_version: '0.8.4' }, { headers: { sdk_version: '0.9.6' } })],
    ['that is no JSON', { ...from('org.fac.sys.-.asker'), payload: new TextEncoder().encode('{"headers":') }],
    ['that is null', { ...from('org.fac.sys.-.asker'), payload: new TextEncoder().encode('null') }],
    ['that is too long', old({ sdk_version: '0.8.4', pad: 'x'.repeat(2 ** 20) })],
  ])('is not what one is %s', (_, message) => {
    refuse(message);
    refuse(message);
    expect(reports.map(({ message: text }) => text)).toEqual(['other', 'other']);
  });
});
