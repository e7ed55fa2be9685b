// Addresses of which each part is legal, and which are too long for AMQP all the same.
import { IntersectClient } from '@intersect-sdk/client';
import { addressOf, isIntersectError } from '@intersect-sdk/core';
import { defineCapability, IntersectService } from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { afterAll, expect, test } from 'vitest';
import { removeServiceQueues } from './support/queues.js';

const LONG = 'x'.repeat(62);
const HIERARCHY = { organization: LONG, facility: LONG, system: LONG, subsystem: LONG, service: LONG };
const ADDRESS = addressOf(HIERARCHY);

const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });

/** Resolves when a subscription, made once the transport is open, has been confirmed; never when it is closed before. */
async function otherSubscription(transport: Transport): Promise<void> {
  await new Promise<void>((resolve) => {
    const isOpen = () => transport.state.kind === 'open' && resolve();
    transport.onEvent(isOpen);
    isOpen();
  });
  await transport.subscribe(`test/${crypto.randomUUID()}/other`, () => {}).catch(() => new Promise(() => {}));
}

/** How an action ends: a code, or that it has not ended when another subscription has long been made. */
async function outcomeOf(transport: Transport, action: () => Promise<unknown>): Promise<unknown> {
  const outcome = action().then(
    () => 'it went well',
    (error: unknown) => (isIntersectError(error) ? { code: error.code } : error),
  );
  return await Promise.race([outcome, otherSubscription(transport).then(() => 'still waiting')]);
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { amqpUrl: url, username, password } = rabbitmq;
  const refused = { code: expect.stringMatching(/^(CONFIG_INVALID|SUBSCRIBE_REFUSED)$/) };

  afterAll(() => removeServiceQueues(rabbitmq, ADDRESS));

  test('a service with such an address is refused instead of starting for ever', async () => {
    await using transport = amqpTransport({ url, username, password });
    const outcome = await outcomeOf(transport, async () => {
      const idle = Idle.implement({ rest: () => {} });
      await new IntersectService([idle], { hierarchy: HIERARCHY, brokers: [transport] }).startup();
    });
    expect(outcome).toEqual(refused);
  });

  test('listening to the events of such a service is refused instead of waiting for ever', async () => {
    const transport = amqpTransport({ url, username, password });
    await using client = new IntersectClient({ brokers: [transport] });
    await client.startup();
    const outcome = await outcomeOf(transport, async () => {
      await client.events({ hierarchy: ADDRESS, capabilityName: 'Idle', eventName: 'rested' }).ready;
    });
    expect(outcome).toEqual(refused);
  });
});
