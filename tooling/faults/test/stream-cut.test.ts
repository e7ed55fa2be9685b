// The network fails again and again while the items of a stream are under way.
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { newId } from '@intersect-sdk/core';
import { defineCapability, IntersectService, Stream, Type } from '@intersect-sdk/service';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { record } from '../lib/fault-table.js';
import { expectNothingLeft } from '../lib/leftovers.js';
import { removeServiceQueues } from '../lib/manage.js';
import { sides } from '../lib/protocols.js';
import { stateIs } from '../lib/waiting.js';

const ITEMS = 10_000;
const CUTS = 20;

const Scanner = defineCapability({
  name: 'Scanner',
  operations: { scan: { request: Type.Integer(), response: Stream(Type.Integer()) } },
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;
  expectNothingLeft();

  test.concurrent.each(sides)(
    `$role on $name: cut ${CUTS} times while ${ITEMS} items come`,
    async ({ role, protocol }) => {
      const url = protocol.urlOf(rabbitmq);
      await using proxy = await FaultProxy.to(url);
      const transportOf = (side: typeof role) =>
        protocol.transport({
          username,
          password,
          url: role === side ? proxy.url : url,
          reconnectMinDelayMs: 1,
          reconnectMaxDelayMs: 20,
        });
      const transports = { client: transportOf('client'), service: transportOf('service') };
      let given = 0;
      const scanner = Scanner.implement({
        async *scan(items) {
          for (; given < items; given++) yield given;
        },
      });
      const reports: Report[] = [];
      const onReport = (report: Report): void => void reports.push(report);
      const hierarchy = {
        organization: 'faults',
        facility: 'fac',
        system: 'sys',
        service: `scan-${newId().slice(0, 13)}`,
      };
      const service = new IntersectService([scanner], { hierarchy, brokers: [transports.service], onReport });
      const client = new IntersectClient({ brokers: [transports.client], onReport });
      await service.startup();
      await client.startup();

      const read: number[] = [];
      let cuts = 0;
      let furthest = 0;
      for await (const number of client.capability(Scanner, service.address).scan(ITEMS)) {
        read.push(number);
        furthest = Math.max(furthest, given - read.length);
        if (cuts === CUTS || read.length < ((cuts + 1) * ITEMS) / (CUTS + 1)) continue;
        await stateIs(transports[role], 'open');
        const lost = stateIs(transports[role], 'reconnecting');
        proxy.cut();
        cuts += 1;
        await lost;
      }
      await client.shutdown();
      await service.shutdown();
      await removeServiceQueues(rabbitmq, service.address);

      expect(cuts).toBe(CUTS);
      expect(read).toEqual(Array.from({ length: ITEMS }, (_, number) => number));
      expect(given).toBe(ITEMS);
      expect(furthest).toBeLessThanOrEqual(64);
      expect(
        reports.filter(({ kind }) => kind !== 'request-repeated' && kind !== 'response-refused'),
      ).toEqual([]);
      record({
        fault: `link cut ${CUTS} times while a stream of ${ITEMS} items comes`,
        role,
        protocol: protocol.name,
        promise:
          'each item comes once and in order; the service is never further ahead than the reader allows',
        counted: `${read.length} of ${ITEMS} items once and in order over ${cuts} cuts; at most ${furthest} ahead`,
      });
    },
  );
});
