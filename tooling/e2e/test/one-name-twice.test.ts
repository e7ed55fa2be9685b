import { startDevBroker } from '@intersect-sdk/dev-broker';
import { defineCapability, IntersectService, type ServiceHealth, Type } from '@intersect-sdk/service';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';

const credentials = { username: 'intersect_username', password: 'intersect_password' };
const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'lab' };
const nothing = defineCapability({
  name: 'Nothing',
  description: 'Does nothing.',
  operations: { rest: { description: 'Rests.', response: Type.Null() } },
}).implement({ rest: () => null });

test('two services of one name over MQTT: the first is told that another program runs it, and its health says so', async () => {
  await using broker = await startDevBroker({ port: 0, ...credentials });
  const start = async (): Promise<IntersectService> => {
    const brokers = [mqttTransport({ url: broker.url, ...credentials })];
    const service = new IntersectService([nothing], { brokers, hierarchy });
    await service.startup();
    return service;
  };
  await using first = await start();
  const ended = first.untilFinished().catch((error: unknown) => error);
  await using second = await start();
  expect(await ended).toMatchObject({
    code: 'SESSION_TAKEN_OVER',
    message: expect.stringMatching(/Another program runs at mqtt:.* as 'intersect-org\.fac\.sys\.-\.lab/),
  });
  const brokerOf = ({ brokers }: ServiceHealth) => brokers[0]?.state;
  expect(brokerOf(first.health())).toMatchObject({ kind: 'closed', error: { code: 'SESSION_TAKEN_OVER' } });
  expect(first.consideredUnrecoverable()).toBe(true);
  expect(brokerOf(second.health())).toEqual({ kind: 'open' });
});
