import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, Type } from '@intersect-sdk/contract';
import { ConfigError } from '@intersect-sdk/core';
import { IntersectService } from '@intersect-sdk/service';
import { expect, test } from 'vitest';
import { LabError, mockService, startLab } from '../../src/index.js';
import { Thermostat, thermostatOf } from './thermostat.js';

const AT = 'test-lab.test-facility.test-system.-.thermostat';

test('a service is up and its client connected; what was asked and emitted is known', async () => {
  await using lab = await startLab({ services: [thermostatOf()] });
  expect(lab.services.map(({ address }) => address)).toEqual([AT]);
  expect(await lab.capability(Thermostat).set_target(77)).toBe(293);
  expect(await lab.capability(Thermostat).$status()).toEqual({ kelvin: 77 });
  expect(lab.requests(Thermostat, 'set_target')).toEqual([
    expect.objectContaining({
      operation: 'Thermostat.set_target',
      argument: 77,
      source: lab.client.address,
      destination: AT,
      contentType: 'application/json',
    }),
  ]);
  expect(lab.requests(Thermostat, 'rest')).toEqual([]);
  expect(lab.events(Thermostat, 'target_changed').map(({ value, source }) => [value, source])).toEqual([
    [77, AT],
  ]);
});

test('what comes later is waited for, and what was there is given at once', async () => {
  const thermostat = thermostatOf();
  await using lab = await startLab({ services: [thermostat] });
  const second = lab.untilRequest(Thermostat, 'set_target', { count: 2 });
  const warm = lab.untilEvent(Thermostat, 'target_changed', { where: ({ value }) => value > 100 });
  for (const kelvin of [4, 300]) await lab.capability(Thermostat).set_target(kelvin);
  expect((await second).argument).toBe(300);
  expect((await warm).value).toBe(300);
  expect((await lab.untilRequest(Thermostat, 'set_target')).argument).toBe(4);
  await thermostat.emit('target_changed', 5);
  expect((await lab.untilEvent(Thermostat, 'target_changed', { count: 3 })).value).toBe(5);
});

test('what does not come is an error that says what was seen instead, and no value of it', async () => {
  await using lab = await startLab({ services: [thermostatOf()] });
  await lab.capability(Thermostat).set_target(77);
  await lab.capability(Thermostat).set_target(77);
  const never = lab.untilRequest(Thermostat, 'rest', { timeoutMs: 5 });
  await expect(never).rejects.toThrow(LabError);
  await expect(never).rejects.toMatchObject({
    name: 'LabError',
    code: 'LAB_NOT_SEEN',
    message: [
      'No request of Thermostat.rest was seen within 5 ms.',
      '  Requests seen: Thermostat.set_target (2)',
      '  Events seen: Thermostat.target_changed (2)',
    ].join('\n'),
  });
  const unfit = lab.untilEvent(Thermostat, 'target_changed', { timeoutMs: 5, where: () => false });
  await expect(unfit).rejects.toThrow(
    /^No event Thermostat.target_changed was seen within 5 ms; the 2 that were do not fit/,
  );
  const third = lab.untilEvent(Thermostat, 'target_changed', { timeoutMs: 5, count: 3 });
  await expect(third).rejects.toThrow(
    /^The event Thermostat.target_changed number 3 was not seen within 5 ms/,
  );
  const aborted = lab.untilEvent(Thermostat, 'target_changed', { count: 3, signal: AbortSignal.abort() });
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
  const throwing = lab.untilEvent(Thermostat, 'target_changed', {
    where() {
      throw new Error('wrong with the test');
    },
  });
  await expect(throwing).rejects.toThrow('wrong with the test');
  const waiting = lab.untilRequest(Thermostat, 'rest');
  const stopped = expect(waiting).rejects.toThrow('before the lab was stopped');
  await lab.stop();
  await stopped;
});

test('wrong names are said with those that there are', async () => {
  await using lab = await startLab({ services: [thermostatOf()] });
  const message = /The contract declares no such operation: set_targt: .*did you mean set_target/;
  expect(() => lab.requests(Thermostat, 'set_targt' as 'set_target')).toThrow(message);
  await expect(lab.untilRequest(Thermostat, 'set_targt' as 'set_target')).rejects.toThrow(ConfigError);
  expect(() => lab.events(Thermostat, 'nothing' as 'target_changed')).toThrow(/no such event/);
  await expect(lab.untilEvent(Thermostat, 'target_changed', { timeoutMs: -1 })).rejects.toThrow(/timeoutMs/);
  const Other = defineCapability({ name: 'Other', operations: { rest: {} } });
  expect(() => lab.capability(Other)).toThrow(`Other: no service of the lab offers it; there are: ${AT}`);
});

test('a service can have an address, or be made by the program, and ask others', async () => {
  const Relay = defineCapability({ name: 'Relay', operations: { cool: { response: Type.Number() } } });
  const address = 'my-lab.hall-two.cryo.-.thermostat';
  const hierarchy = { organization: 'my-lab', facility: 'hall-two', system: 'cryo', service: 'relay' };
  await using lab = await startLab({
    services: [
      { capabilities: [thermostatOf()], address },
      (wiring) => {
        const relay = Relay.implement({
          cool: (_nothing, context) => service.capability(Thermostat, address, context).set_target(4),
        });
        const service = new IntersectService([relay], { hierarchy, ...wiring });
        return service;
      },
    ],
  });
  expect(await lab.capability(Relay).cool()).toBe(293);
  expect(lab.requests(Thermostat, 'set_target').map(({ source, argument }) => [source, argument])).toEqual([
    ['my-lab.hall-two.cryo.-.relay', 4],
  ]);
  await using another = await new IntersectClient({ ...lab.wiring() }).startup();
  expect(await another.capability(Thermostat, address).set_target(5)).toBe(4);
  expect(lab.requests(Thermostat, 'set_target')).toHaveLength(2);
});

test('services of one name have places of their own', async () => {
  const [one, two] = [thermostatOf(), thermostatOf()];
  await using lab = await startLab({ services: [one, two] });
  expect(lab.service(two).address).toBe(`${AT}-2`);
  await lab.capability(Thermostat, lab.service(two).address).set_target(5);
  expect(lab.requests(Thermostat, 'set_target').map(({ destination }) => destination)).toEqual([`${AT}-2`]);
});

test('what was reported and not taken fails the stop', async () => {
  const broken = mockService(Thermostat, { set_target: () => 'warm' as never });
  const ask = async (lab: Awaited<ReturnType<typeof startLab>>) => {
    await expect(lab.capability(Thermostat).set_target(5)).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
  };
  const lab = await startLab({ services: [broken] });
  await ask(lab);
  const stopped = lab.stop();
  await expect(stopped).rejects.toMatchObject({
    code: 'LAB_REPORTS',
    reports: [{ kind: 'request-refused' }],
  });
  await expect(stopped).rejects.toThrow(
    /a report in it was not expected by the test.*\n {2}request-refused of Thermostat.set_target/,
  );

  await using taking = await startLab({ services: [broken] });
  await ask(taking);
  expect((await taking.untilReport('request-refused')).operation).toBe('Thermostat.set_target');
  expect(taking.reports()).toEqual([]);
  await ask(taking);
  expect(taking.takeReports('event-dropped')).toEqual([]);
  expect(taking.takeReports()).toHaveLength(1);

  await using careless = await startLab({ services: [broken], failOnReports: false });
  await ask(careless);
  expect(careless.reports('request-refused')).toHaveLength(1);
});

test('a lab that can not be started says why, with all problems at once, and leaves nothing', async () => {
  const services = [5, { capabilities: [thermostatOf()], address: 'here' }] as never;
  await expect(startLab({ services })).rejects.toThrow(
    /The lab cannot be started: services\[0\]: must be .*; services\[1\].address: must be an address/,
  );
  await expect(startLab({ sevices: [] } as never)).rejects.toThrow(/sevices/);
});

test('a cut connection comes back, and nothing is counted twice', async () => {
  await using lab = await startLab({ services: [thermostatOf()] });
  lab.broker.sever();
  expect(await lab.capability(Thermostat).set_target(77)).toBe(293);
  expect(lab.requests(Thermostat, 'set_target')).toHaveLength(1);
  expect(lab.events(Thermostat, 'target_changed')).toHaveLength(1);
});
