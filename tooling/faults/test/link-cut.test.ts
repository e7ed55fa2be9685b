// The network fails again and again, at random moments, while requests and events are under way.

import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { Couple } from '../lib/couple.js';
import { record } from '../lib/fault-table.js';
import { expectNothingLeft } from '../lib/leftovers.js';
import { underLoad } from '../lib/load.js';
import { removeServiceQueues } from '../lib/manage.js';
import { sides } from '../lib/protocols.js';
import { random, seed } from '../lib/random.js';
import { lasting, stateIs, until } from '../lib/waiting.js';

const CUTS = 100;
const REQUESTS_PER_SECOND = 100;
const EVENTS_PER_SECOND = 20;
const LONGEST_PAUSE_MS = 150;

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;
  expectNothingLeft();

  test.concurrent.each(sides)('$role on $name: cut 100 times', async ({ role, protocol }) => {
    const url = protocol.urlOf(rabbitmq);
    await using proxy = await FaultProxy.to(url);
    const login = { username, password };
    const couple = new Couple({
      client: protocol.transport({ ...login, url: role === 'client' ? proxy.url : url }),
      service: protocol.transport({ ...login, url: role === 'service' ? proxy.url : url }),
      timeoutMs: 60_000,
    });
    await couple.start();
    await couple.listen();
    const pause = random(`link cut ${role} ${protocol.name}`);

    await underLoad(
      [couple],
      { requestsPerSecond: REQUESTS_PER_SECOND, eventsPerSecond: EVENTS_PER_SECOND },
      async () => {
        for (let cut = 0; cut < CUTS; cut++) {
          await stateIs(couple.transports[role], 'open');
          await lasting(pause() * LONGEST_PAUSE_MS);
          const lost = stateIs(couple.transports[role], 'reconnecting');
          proxy.cut();
          await lost;
        }
        await stateIs(couple.transports[role], 'open');
      },
    );
    await until('every event is there', () => couple.seen.length >= couple.ticked);
    await couple.end();
    await removeServiceQueues(rabbitmq, couple.service.address);

    expect(couple.codes).toEqual({});
    expect([couple.answered, couple.wrong, couple.late]).toEqual([couple.asked, 0, 0]);
    expect(couple.executions.size).toBe(couple.asked);
    expect(couple.seen).toEqual(Array.from({ length: couple.ticked }, (_, number) => number));
    const reconnects = Array.from({ length: CUTS }, () => ['reconnecting', 'open']).flat();
    expect(couple.states[role]).toEqual(['connecting', 'open', ...reconnects, 'draining', 'closed']);
    record({
      fault: `link cut ${CUTS} times at random moments under ${REQUESTS_PER_SECOND} requests a second`,
      role,
      protocol: protocol.name,
      promise:
        'each request is answered once; events come once and in order; one event for each change of state; nothing is left after close()',
      counted: [
        `seed ${seed}: ${couple.sentence}; ${couple.seen.length} of ${couple.ticked} events in order;`,
        `${CUTS} times reconnecting, ${CUTS} times open`,
      ].join(' '),
    });
  });
});
