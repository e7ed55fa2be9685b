import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { IntersectService, type Report } from '../../src/index.js';
import { Asker, HIERARCHY, request } from './support/asker.js';
import { eventsOf } from './support/programs.js';
import { stateOf, work } from './support/work.js';

describe('a service at two brokers', () => {
  async function atTwo(reports: Report[] = []) {
    const brokers = [new MemoryBroker(), new MemoryBroker()] as const;
    const { capability, state } = work();
    const transports = brokers.map((broker) => memoryTransport(broker, { reconnectMinDelayMs: 1 }));
    const service = new IntersectService([capability], {
      hierarchy: HIERARCHY,
      brokers: transports,
      onReport: (report) => reports.push(report),
    });
    await service.startup();
    return { brokers, service, capability, state, transports };
  }

  it('runs a request once that comes through both, and answers it once', async () => {
    const { brokers, service, state } = await atTwo();
    await using one = await Asker.connect(brokers[0]);
    await using two = await Asker.connect(brokers[1]);
    const events = await one.listen(eventsOf('Work', 'progress'));
    const message = request('Work.wait');
    await Promise.all([one.transport.publish(message), two.transport.publish(message)]);
    await events.next();
    await new Promise(setImmediate);
    state.release.open();
    await Promise.race([one.replies.next(), two.replies.next()]);
    await service.shutdown();
    expect(state.runs).toBe(1);
    expect(one.replies.all.length + two.replies.all.length).toBe(1);
  });

  it('answers clients of either, each at its own broker, and sends events to both', async () => {
    const { brokers, service, capability } = await atTwo();
    await using one = await Asker.connect(brokers[0]);
    await using two = await Asker.connect(brokers[1]);
    const inboxes = await Promise.all([one, two].map((asker) => asker.listen(eventsOf('Work', 'progress'))));
    expect((await one.ask('Work.quick', { payload: 1 })).value).toBe(1);
    expect((await two.ask('Work.quick', { payload: 2 })).value).toBe(2);
    await capability.emit('progress', 3);
    for (const inbox of inboxes) {
      for (const expected of ['1', '2', '3']) {
        expect(new TextDecoder().decode((await inbox.next()).payload)).toBe(expected);
      }
    }
    await service.shutdown();
  });

  it('serves the one while the other is down', async () => {
    const { brokers, service, capability, transports } = await atTwo();
    await using one = await Asker.connect(brokers[0]);
    const events = await one.listen(eventsOf('Work', 'progress'));
    brokers[1].refuse(true);
    const lost = stateOf(transports[1] as Transport, 'reconnecting');
    brokers[1].sever();
    await lost;
    expect(service.isConnected()).toBe(true);
    expect((await one.ask('Work.quick', { payload: 1 })).value).toBe(1);
    await capability.emit('progress', 2);
    await events.next();
    await events.next();
    await service.shutdown();
  });

  it('starts with one of them down, says so, and takes it in when it comes', async () => {
    const brokers = [new MemoryBroker(), new MemoryBroker()] as const;
    brokers[1].refuse(true);
    const reports: Report[] = [];
    const transports = brokers.map((broker) => memoryTransport(broker, { reconnectMinDelayMs: 1 }));
    await using service = new IntersectService([work().capability], {
      hierarchy: HIERARCHY,
      brokers: transports,
      onReport: (report) => reports.push(report),
    });
    await service.startup();
    expect(reports).toMatchObject([{ kind: 'broker-failed', error: { code: 'CONNECT_REFUSED' } }]);
    brokers[1].refuse(false);
    await stateOf(transports[1] as Transport, 'open');
    await using two = await Asker.connect(brokers[1]);
    expect((await two.ask('Work.quick', { payload: 2 })).value).toBe(2);
  });
});
