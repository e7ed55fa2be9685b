import { expect, test } from 'vitest';
import { brokerName, hostAndPort, redactPath } from '../../../src/endpoint.js';

const a = { host: 'a', port: 1 };

test.each([
  [{ scheme: 'amqp', hosts: [a] }, 'amqp://a:1'],
  [{ scheme: 'amqps', hosts: [{ host: '::1', port: 2 }] }, 'amqps://[::1]:2'],
  [{ scheme: 'mqtt', hosts: [a, { host: 'b', port: 2 }] }, 'mqtt://a:1,b:2'],
  [{ scheme: 'ws', hosts: [a], path: '/ws' }, 'ws://a:1/ws'],
  [{ scheme: 'amqp', hosts: [a], path: 'lab' }, 'amqp://a:1/lab'],
  [{ scheme: 'ws', hosts: [a], path: '/ws?token=SECRET' }, 'ws://a:1/ws'],
])('%j', (endpoint, name) => {
  expect(brokerName(endpoint)).toBe(name);
});

test('a host with its port', () => {
  expect([hostAndPort(a), hostAndPort({ host: '::1', port: 2 })]).toEqual(['a:1', '[::1]:2']);
});

test('the query of a path is not shown', () => {
  expect([redactPath('/ws'), redactPath('/ws?token=SECRET'), redactPath(undefined)]).toEqual([
    '/ws',
    '/ws?[redacted]',
    undefined,
  ]);
});
