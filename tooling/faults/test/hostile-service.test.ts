import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, expect, test } from 'vitest';
import { amqpWire } from '../lib/hostile/amqp-wire.js';
import { attack } from '../lib/hostile/attack.js';
import { dataTrap } from '../lib/hostile/health-watch.js';
import { mqttWire } from '../lib/hostile/mqtt-wire.js';
import { Random } from '../lib/hostile/random.js';
import { HOSTILE_REQUESTS, LARGE_REQUESTS } from '../lib/hostile/requests.js';
import { HostileTable, messagesOver, SEED } from '../lib/hostile/table.js';
import { serviceTarget } from '../lib/hostile/targets.js';
import { memoryWire, type Wire } from '../lib/hostile/wire.js';

const table = new HostileTable('service');
afterAll(() => table.write());

const MEMORY_MAY_GROW = 24 * 1024 * 1024;
const LONGEST_PAUSE_MS = 5_000;

function refusesAll(name: string, open: () => Promise<Wire>): void {
  test(`a service over ${name} refuses each hostile message once, with its reason, and answers the right ones`, async () => {
    await using wire = await open();
    await using trap = await dataTrap();
    const random = new Random(SEED);
    await using target = await serviceTarget(wire, random, trap.url);
    const { seen, kit, right, prepare } = target;
    const result = await attack({
      ...{ wire, random, kit, seen, right, prepare },
      lies: HOSTILE_REQUESTS,
      large: LARGE_REQUESTS,
      count: messagesOver(name),
    });
    table.add(name, result);
    expect(seen.counts).toEqual(result.expected);
    expect(await target.remainder()).toEqual({ inFlight: 0, running: 0 });
    expect(result.polluted).toBe(false);
    expect(trap.visits).toBe(0);
    expect(result.grownBytes).toBeLessThan(MEMORY_MAY_GROW);
    expect(result.longestPauseMs).toBeLessThan(LONGEST_PAUSE_MS);
  });
}

refusesAll('memory', memoryWire);

describeWithBroker('rabbitmq', (rabbitmq) => {
  refusesAll('AMQP, RabbitMQ', () => amqpWire(rabbitmq));
  refusesAll('MQTT, RabbitMQ', () => mqttWire(rabbitmq, { largestPayload: 16_000_000 }));
});

describeWithBroker('mosquitto', (mosquitto) => {
  refusesAll('MQTT, mosquitto', () => mqttWire(mosquitto, { largestPayload: 200_000_000 }));
});
