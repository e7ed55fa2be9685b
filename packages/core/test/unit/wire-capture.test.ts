import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  decodePayload,
  encodeEventHeaders,
  encodeLifecycleHeaders,
  encodePayload,
  encodeUserspaceHeaders,
  eventChannel,
  lifecycleChannel,
  parseEventHeaders,
  parseLifecycleHeaders,
  parseUserspaceHeaders,
  requestChannel,
  responseChannel,
} from '../../src/index.js';
import { decodeText } from '../../src/internal.js';

interface CapturedMessage {
  readonly protocol: 'mqtt5.0' | 'amqp0.9.1';
  readonly topic?: string;
  readonly routingKey?: string;
  readonly properties: { readonly contentType: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly utf8: string };
}

// Traffic between the Python SDK's clients and services, taken from a broker.
const captured = readFileSync(new URL('../fixtures/python-sdk-0.9.6.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CapturedMessage);

const nameOf = (message: CapturedMessage, index: number) =>
  `${index + 1}: ${message.topic ?? message.routingKey}`;

/** Reads a captured message as its kind and gives back what this SDK would send for it. */
function rewrite({ topic, routingKey, headers: raw }: CapturedMessage) {
  if ('lifecycle_type' in raw) {
    const headers = parseLifecycleHeaders(raw);
    return {
      kind: 'lifecycle',
      channel: lifecycleChannel(headers.source),
      headers: encodeLifecycleHeaders(headers),
    };
  }
  if ('event_name' in raw) {
    const headers = parseEventHeaders(raw);
    const channel = eventChannel(headers.source, headers.capabilityName, headers.eventName);
    return { kind: 'event', channel, headers: encodeEventHeaders(headers) };
  }
  const headers = parseUserspaceHeaders(raw);
  const isRequest = (topic ?? routingKey ?? '').endsWith('request');
  return {
    kind: isRequest ? 'request' : 'response',
    channel: isRequest ? requestChannel(headers.destination) : responseChannel(headers.destination),
    headers: encodeUserspaceHeaders(headers),
  };
}

describe('messages captured from the Python SDK', () => {
  test('the capture holds every kind of message on both protocols', () => {
    const kinds = captured.map((message) => `${message.protocol} ${rewrite(message).kind}`);
    const counts = Object.fromEntries(
      [...new Set(kinds)].map((kind) => [kind, kinds.filter((k) => k === kind).length]),
    );
    expect(counts).toEqual({
      'mqtt5.0 lifecycle': 2,
      'mqtt5.0 request': 7,
      'mqtt5.0 response': 7,
      'mqtt5.0 event': 2,
      'amqp0.9.1 lifecycle': 2,
      'amqp0.9.1 request': 7,
      'amqp0.9.1 response': 7,
      'amqp0.9.1 event': 2,
    });
  });

  test.each(captured.map((message, index) => [nameOf(message, index), message] as const))(
    'message %s comes out with the same channel and headers',
    (_name, message) => {
      const { channel, headers } = rewrite(message);
      if (message.topic !== undefined) expect(channel).toBe(message.topic);
      else expect(channel.replaceAll('/', '.')).toBe(message.routingKey);
      expect(headers).toEqual(message.headers);
    },
  );
});

// Python writes a float that is whole with a point (`-1.0`), JavaScript cannot: it has one kind of
// number and writes `-1`. Both are the same JSON number; messages with one are compared as values.
const WHOLE_FLOAT = /[:,[]-?\d+\.0[,\]}]/;

describe('JSON payloads captured from the Python SDK', () => {
  const json = captured.filter(({ properties }) => properties.contentType === 'application/json');

  test('some of them have whole floats, which JavaScript writes without a point', () => {
    const differing = json.filter(({ body }) => WHOLE_FLOAT.test(body.utf8));
    expect(differing.map((message) => rewrite(message).kind)).toEqual([
      'lifecycle',
      'response',
      'lifecycle',
      'response',
    ]);
  });

  test.each(json.map((message, index) => [nameOf(message, index), message] as const))(
    'payload %s comes out with the same bytes',
    (_name, { body, properties }) => {
      const value = decodePayload(new TextEncoder().encode(body.utf8), properties.contentType);
      const text = decodeText(encodePayload(value, properties.contentType));
      if (WHOLE_FLOAT.test(body.utf8)) expect(JSON.parse(text)).toEqual(JSON.parse(body.utf8));
      else expect(text).toBe(body.utf8);
    },
  );

  test('error responses are plain text', () => {
    const errors = captured.filter(({ headers }) => headers.has_error === 'true');
    expect(errors).toHaveLength(6);
    for (const { body, properties } of errors) {
      expect(properties.contentType).toBe('text/plain');
      expect(decodeText(encodePayload(new TextEncoder().encode(body.utf8), 'text/plain'))).toBe(body.utf8);
    }
  });
});
