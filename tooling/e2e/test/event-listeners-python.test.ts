// One event over AMQP that services of both SDKs listen to: what each of them sees, side by side.
import { randomUUID } from 'node:crypto';
import { eventChannel, eventQueueNameOf, queueNameOf } from '@intersect-sdk/core';
import {
  type AnyCapability,
  defineCapability,
  IntersectService,
  type Report,
  Type,
} from '@intersect-sdk/service';
import { listQueues } from '@intersect-sdk/test-brokers';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { expect, test } from 'vitest';
import { PythonProgram } from './support/python-program.js';
import { removeServiceQueues } from './support/queues.js';

const MANY = 40;

const Probe = defineCapability({ name: 'Probe', events: { counted: { schema: Type.Integer() } } });
const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
  const { username, password, amqpUrl } = rabbitmq;
  const broker = { protocol: 'amqp0.9.1', url: amqpUrl, username, password } as const;
  const reports: Report[] = [];

  function serviceAt(
    name: string,
    capability: AnyCapability = Idle.implement({ rest: () => {} }),
  ): IntersectService {
    return new IntersectService([capability], {
      hierarchy: {
        organization: 'interop-org',
        facility: 'interop-fac',
        system: 'interop-sys',
        service: name,
      },
      brokers: [amqpTransport({ url: amqpUrl, username, password })],
      onReport: (report) => reports.push(report),
    });
  }

  test('each of ours hears all; those of Python share among themselves, and never with ours', async () => {
    const run = randomUUID();
    const names = { source: `source-${run}`, pythons: [`relay-a-${run}`, `relay-b-${run}`] };
    const probe = Probe.implement({});
    const source = serviceAt(names.source, probe);
    const ours = [serviceAt(`ours-a-${run}`), serviceAt(`ours-b-${run}`)];
    const observer = serviceAt(`observer-${run}`);
    const selector = { hierarchy: source.address, capabilityName: 'Probe', eventName: 'counted' };
    const heard = new Map<string, number[]>();
    const listen = (name: string) => {
      const numbers: number[] = [];
      heard.set(name, numbers);
      return ({ payload }: { readonly payload: unknown }) => void numbers.push(payload as number);
    };
    for (const [index, service] of ours.entries())
      await service.registerEvent(selector, listen(`ours ${index}`));
    // Each service of the Python SDK tells with an event what it has heard.
    const relays = names.pythons.map((name) => ({
      hierarchy: `interop-org.interop-fac.interop-sys.-.${name}`,
      capabilityName: 'Relay',
      eventName: 'heard',
    }));
    for (const [index, relay] of relays.entries())
      await observer.registerEvent(relay, listen(`python ${index}`));
    const all = [source, ...ours, observer];
    await Promise.all(all.map((service) => service.startup()));
    await using first = pythonRelay(names.pythons[0] ?? '', names.source);
    await using second = pythonRelay(names.pythons[1] ?? '', names.source);
    await Promise.all([first.lines(1), second.lines(1)]);
    const of = (name: string): readonly number[] => heard.get(name) ?? [];
    const listeners = [...heard.keys()];
    /** Emits until each listener has heard something of it; nothing else tells when Python has its subscriptions. */
    const emitUntilHeard = async (from: number) => {
      let number = from;
      const emit = async () => {
        await probe.emit('counted', number++);
        return listeners.filter((name) => of(name).every((one) => one < from));
      };
      await expect.poll(emit, { interval: 100 }).toEqual([]);
    };
    await emitUntilHeard(-1_000);
    for (let number = 0; number < MANY; number++) await probe.emit('counted', number);
    await emitUntilHeard(MANY);
    const counted = Object.fromEntries(
      listeners.map((name) => [name, of(name).filter((number) => number >= 0 && number < MANY).length]),
    );
    process.stderr.write(`${MANY} events over AMQP, heard by each: ${JSON.stringify(counted)}\n`);
    expect([counted['ours 0'], counted['ours 1']]).toEqual([MANY, MANY]);
    const byPython = [counted['python 0'] ?? 0, counted['python 1'] ?? 0];
    expect(byPython.reduce((sum, count) => sum + count, 0)).toBe(MANY);
    expect(Math.max(...byPython)).toBeLessThan(MANY);
    // Each of ours has its own queue, and the one that the two Python services have is used, so nothing is said about it.
    const channel = eventChannel(source.address, 'Probe', 'counted');
    const queues = (await listQueues(rabbitmq)).map(({ name }) => name);
    for (const { address } of ours) expect(queues).toContain(eventQueueNameOf(address, channel));
    expect(queues).toContain(queueNameOf(channel));
    expect(reports).toEqual([]);
    await Promise.all(all.map((service) => service.shutdown()));
    for (const { address } of all) await removeServiceQueues(rabbitmq, address, [channel]);
    for (const { hierarchy } of relays) {
      const relayed = eventChannel(hierarchy, 'Relay', 'heard');
      await removeServiceQueues(rabbitmq, hierarchy);
      await removeServiceQueues(rabbitmq, observer.address, [relayed]);
    }
  });

  function pythonRelay(service: string, other: string): PythonProgram {
    const args = { service, other };
    return new PythonProgram({ interpreter: python.interpreter, script: 'relay_service.py', broker, args });
  }
});
