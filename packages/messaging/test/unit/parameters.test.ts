import type { Issue } from '@intersect-sdk/core';
import { WIRE_0_9 } from '@intersect-sdk/core/internal';
import { checkDirectMessage, checkEventParams, type ReadingPlace } from '@intersect-sdk/messaging';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { checkRequestOptions } from '../../src/ask/parameters.js';
import { isTransport } from '../../src/brokers/broker-sources.js';

/** What a check made of the input, and the paths of its problems. */
function outcomeOf<T>(check: (input: unknown, place: ReadingPlace) => T, input: unknown) {
  const issues: Issue[] = [];
  return {
    value: check(input, { wire: WIRE_0_9, issues, path: 'at' }),
    paths: issues.map(({ path }) => path),
  };
}

describe('a message', () => {
  const right = { destination: 'org.fac.sys.-.svc', operation: 'Cap.do_it' };

  test('is completed with the defaults, its payload encoded', () => {
    expect(outcomeOf(checkDirectMessage, right)).toEqual({
      value: {
        ...right,
        contentType: 'application/json',
        dataHandler: 'MESSAGE',
        payload: new Uint8Array(Buffer.from('null')),
      },
      paths: [],
    });
  });

  test('keeps bytes under another content type as they were', () => {
    const payload = Uint8Array.of(1, 2);
    const { value } = outcomeOf(checkDirectMessage, { ...right, payload, contentType: 'image/png' });
    payload.fill(9);
    expect(value?.payload).toEqual(Uint8Array.of(1, 2));
  });

  test.each([
    ['nothing at all', undefined, ['at']],
    ['an empty object', {}, ['at.destination', 'at.operation']],
    ['empty texts', { destination: '', operation: '' }, ['at.destination', 'at.operation']],
    ['an address of two parts', { ...right, destination: 'sys.orchestrator' }, ['at.destination']],
    ['an address without its -', { ...right, destination: 'org.fac.sys.svc' }, ['at.destination']],
    ['an address of one part', { ...right, destination: 'orchestrator' }, ['at.destination']],
    ['an address with an empty part', { ...right, destination: 'a..b' }, ['at.destination']],
    ['a hierarchy in place of an address', { ...right, destination: {} }, ['at.destination']],
    ['an operation of three parts', { ...right, operation: 'a.b.c' }, ['at.operation']],
    ['an operation with a hyphen', { ...right, operation: 'a.b-c' }, ['at.operation']],
    ['an operation without its capability', { ...right, operation: 'echo' }, ['at.operation']],
    ['a capability without its operation', { ...right, operation: 'a.' }, ['at.operation']],
    ['the reserved capability', { ...right, operation: 'intersect_sdk.system_capability' }, []],
    [
      'a content type with a parameter',
      { ...right, contentType: 'text/plain; charset=utf-8' },
      ['at.contentType'],
    ],
    [
      'text under a content type of its own',
      { ...right, payload: 'x', contentType: 'text/plain' },
      ['at.payload'],
    ],
    ['an unknown data handler', { ...right, dataHandler: 'S3' }, ['at.dataHandler']],
    ['the names of the Python SDK', { ...right, content_type: 'text/plain' }, ['at.content_type']],
    ['a payload with half of a character', { ...right, payload: ['\ud800'] }, ['at.payload[0]']],
    ['a payload with NaN', { ...right, payload: { a: [0, Number.NaN] } }, ['at.payload.a[1]']],
  ])('%s', (_, input, paths) => {
    const outcome = outcomeOf(checkDirectMessage, input);
    expect(outcome.paths).toEqual(paths);
    expect(outcome.value === undefined).toBe(paths.length > 0);
  });
});

describe('events', () => {
  const right = { hierarchy: 'org.fac.sys.-.svc', capabilityName: 'Cap', eventName: 'done' };

  test.each([
    ['one event', right, []],
    ['all events of a capability', { ...right, eventName: '*' }, []],
    ['all events, as #', { ...right, eventName: '#' }, []],
    ['a pattern inside a name', { ...right, eventName: 'do*' }, ['at.eventName']],
    ['a pattern for the capability', { ...right, capabilityName: '*' }, ['at.capabilityName']],
    ['a hierarchy without its -', { ...right, hierarchy: 'org.fac.sys.svc' }, ['at.hierarchy']],
    ['a pattern for the service', { ...right, hierarchy: 'org.*.sys.-.svc' }, ['at.hierarchy']],
    ['nothing at all', null, ['at']],
    ['an empty object', {}, ['at.hierarchy', 'at.capabilityName', 'at.eventName']],
    ['an unknown field', { ...right, event_name: 'done' }, ['at.event_name']],
  ])('%s', (_, input, paths) => {
    const outcome = outcomeOf(checkEventParams, input);
    expect(outcome.paths).toEqual(paths);
    expect(outcome.value).toEqual(paths.length > 0 ? undefined : input);
  });
});

describe('options of a request', () => {
  test.each([
    ['none', {}, []],
    [
      'all',
      { timeoutMs: 1, signal: AbortSignal.timeout(1), onAccepted() {}, headers: { baggage: 'a=1' } },
      [],
    ],
    ['no time at all', { timeoutMs: 0 }, ['at.timeoutMs']],
    ['more than a timer can count, which would end at once', { timeoutMs: 2 ** 31 }, ['at.timeoutMs']],
    ['no signal but something else', { signal: new EventTarget() }, ['at.signal']],
    ['null for a signal', { signal: null }, ['at.signal']],
    [
      'headers of the protocol',
      { headers: { source: 'a.b', id: 1 } },
      ['at.headers.source', 'at.headers.id'],
    ],
    ['an unknown field', { timeout: 5 }, ['at.timeout']],
  ])('%s', (_, input, paths) => {
    expect(outcomeOf(checkRequestOptions, input).paths).toEqual(paths);
  });
});

describe('brokers', () => {
  test('a transport is told from plain configuration', () => {
    expect(isTransport(memoryTransport(new MemoryBroker()))).toBe(true);
    expect([{ protocol: 'mqtt5.0' }, null, 'mqtt://host', undefined].map(isTransport)).toEqual(
      Array(4).fill(false),
    );
  });
});
