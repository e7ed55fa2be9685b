import { describe, expect, test } from 'vitest';
import { AMQP_SCHEMES, MQTT_SCHEMES, readUrl } from '../../../src/endpoint.js';
import { issuesOf, reading } from './reading.js';

const mqtt = { schemes: MQTT_SCHEMES, example: 'mqtt://host:1883' };
const amqp = { schemes: AMQP_SCHEMES, example: 'amqp://host:5672' };
const rules = { mqtt, amqp };

const none = { after: undefined, username: undefined, password: undefined };

test.each([
  ['mqtt', 'mqtt://b', { ...none, scheme: 'mqtt', tls: false, host: 'b', port: 1883 }],
  ['mqtt', 'MQTTS://b/', { ...none, scheme: 'mqtts', tls: true, host: 'b', port: 8883 }],
  ['mqtt', 'ws://b', { ...none, scheme: 'ws', tls: false, host: 'b', port: 80 }],
  ['mqtt', 'wss://b/', { ...none, scheme: 'wss', tls: true, host: 'b', port: 443, after: '/' }],
  [
    'mqtt',
    'ws://b:9001/ws?a=1',
    { ...none, scheme: 'ws', tls: false, host: 'b', port: 9001, after: '/ws?a=1' },
  ],
  ['amqp', 'amqp://[::1]:1', { ...none, scheme: 'amqp', tls: false, host: '::1', port: 1 }],
  [
    'amqp',
    'amqps://b/%2Flab%20one',
    { ...none, scheme: 'amqps', tls: true, host: 'b', port: 5671, after: '/lab one' },
  ],
  [
    'amqp',
    'amqp://a%40b:c%2Fd@b/',
    { ...none, scheme: 'amqp', tls: false, host: 'b', port: 5672, username: 'a@b', password: 'c/d' },
  ],
] as const)('%s reads %s', (rule, url, expected) => {
  expect(reading({ url }, (fields) => readUrl(fields, rules[rule]))).toEqual(expected);
});

test('no URL is no URL', () => {
  expect(reading({}, (fields) => readUrl(fields, mqtt))).toBeUndefined();
});

describe('refusing, without repeating any part', () => {
  test.each([
    ['mqtt', 'http://u:SECRET@b', 'must look like mqtt://host:1883'],
    ['mqtt', 'b:1883', 'must look like'],
    ['mqtt', 'mqtt://', 'must look like'],
    ['mqtt', 'mqtt://u:SECRET@b:99999', 'must look like'],
    ['mqtt', 'amqp://u:SECRET@b', 'is a URL for @intersect-sdk/transport-amqp'],
    ['amqp', 'wss://u:SECRET@b', 'is a URL for @intersect-sdk/transport-mqtt'],
    ['mqtt', 'mqtt://u:SECRET@b/path', 'must end after the port'],
    ['mqtt', 'mqtt://u:SECRET@b?a=1', "'?' or '#'"],
    ['mqtt', 'ws://u:SECRET@b/ws#a', "'?' or '#'"],
    ['amqp', 'amqp://u:SECRET@b?heartbeat=5', "'?' or '#'"],
    ['amqp', 'amqp://u:SECRET@b/a/b', '%2F'],
    ['amqp', 'amqp://u:SECRET%@b', '%25'],
    ['amqp', 'amqp://u:1/SECRET@b', "an '@' behind the host"],
    ['mqtt', 'ws://u:1?SECRET@b', "an '@' behind the host"],
    ['mqtt', 'mqtt://u:1#SECRET@b', "an '@' behind the host"],
  ] as const)('%s: %s', (rule, url, says) => {
    const issues = issuesOf({ url }, (fields) => readUrl(fields, rules[rule]));
    expect(issues.url).toContain(says);
    expect(JSON.stringify(issues)).not.toContain('SECRET');
  });
});
