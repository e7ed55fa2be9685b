import { ConfigError } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { defineCapability, IntersectService, Type } from '../../src/index.js';
import { ADDRESS, HIERARCHY } from './support/asker.js';

const Idle = defineCapability({ name: 'Idle', operations: { rest: { response: Type.Null() } } });
const request = { destination: ADDRESS, operation: 'Idle.rest' };

function newService(): IntersectService {
  const brokers = [memoryTransport(new MemoryBroker())];
  return new IntersectService([Idle.implement({ rest: () => null })], { hierarchy: HIERARCHY, brokers });
}

/** The paths of the problems that the service refuses something for. */
async function refused(act: (service: IntersectService) => unknown): Promise<readonly string[]> {
  const error = await Promise.resolve(newService())
    .then(act)
    .then(String, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).issues.map(({ path }) => path);
}

describe.each(['forbidKeys', 'allowKeys'] as const)('%s', (name) => {
  test.each<[unknown, string[]]>([
    ['abc', ['keys']],
    [null, ['keys']],
    [5, ['keys']],
    [
      [5, 'motors', null],
      ['keys[0]', 'keys[2]'],
    ],
  ])('refuses %j', async (keys, paths) => {
    expect(await refused((service) => service[name](keys as never))).toEqual(paths);
  });

  test('leaves nothing behind of what it refused', async () => {
    const service = newService();
    await expect(service[name](['motors', 5] as never)).rejects.toBeInstanceOf(ConfigError);
    expect(service.getBlockedKeys()).toEqual(new Set());
  });
});

describe.each(['addStartupMessages', 'addShutdownMessages'] as const)('%s', (name) => {
  test.each<[unknown, string[]]>([
    ['x', ['messages']],
    [[null, { request }], ['messages[0]']],
    [
      [{ request: { ...request, destination: '?' } }, { request, retry: {}, responseHandler: 'x' }],
      ['messages[0].destination', 'messages[1].responseHandler', 'messages[1].retry'],
    ],
  ])('refuses %j with every problem', async (messages, paths) => {
    expect(await refused((service) => service[name](messages as never))).toEqual(paths);
  });
});

describe('createExternalRequest', () => {
  test.each<[unknown, unknown, string[]]>([
    ['x', {}, ['responseHandler']],
    [undefined, { retry: { attempts: 2 }, idempotent: true }, ['retry', 'idempotent']],
    ['x', { timeoutMs: Number.NaN, timeoutMS: 5 }, ['responseHandler', 'timeoutMS', 'timeoutMs']],
    [undefined, 'x', ['']],
  ])('refuses the handler %j with the options %j', async (handler, options, paths) => {
    const act = (service: IntersectService) =>
      service.createExternalRequest(request, handler as never, options as never);
    expect(await refused(act)).toEqual(paths);
  });
});

test.each([{}, null, 5, { call: 'x' }])('a door within %j is refused at once', async (context) => {
  const act = (service: IntersectService) => service.capability(Idle, ADDRESS, context as never);
  expect(await refused(act)).toEqual(['context']);
});
