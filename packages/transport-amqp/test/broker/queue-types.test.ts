// The types of queues: the virtual host's default for those that other SDKs declare too, an option for the rest.
import { randomUUID } from 'node:crypto';
import { eventQueueNameOf, queueNameOf } from '@intersect-sdk/core';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { SubscribeOptions, Transport } from '@intersect-sdk/transport';
import { expect, test } from 'vitest';
import { amqpTransport } from '../../src/index.js';
import { freshChannel, message, optionsFor, textOf } from '../support/links.js';
import { manage } from '../support/management.js';

const LISTENER = { address: 'org.fac.sys.-.first', keepForMs: 60_000 };
const KINDS: Readonly<Record<string, SubscribeOptions>> = {
  request: { retention: 'durable' },
  session: { retention: 'session' },
  event: { retention: 'durable', listener: LISTENER },
  none: { retention: 'none' },
};

describeWithBroker('rabbitmq', (rabbitmq) => {
  /** Something on a virtual host of its own. */
  async function onVhost(defaultType: string, use: (vhost: string) => Promise<void>): Promise<void> {
    const vhost = `types-${randomUUID()}`;
    await manage(rabbitmq, `PUT vhosts/${vhost}`, { default_queue_type: defaultType });
    try {
      await manage(rabbitmq, `PUT permissions/${vhost}/${rabbitmq.username}`, {
        configure: '.*',
        write: '.*',
        read: '.*',
      });
      await use(vhost);
    } finally {
      await manage(rabbitmq, `DELETE vhosts/${vhost}`);
    }
  }

  async function connected(vhost: string, options = {}): Promise<Transport> {
    const { url, ...login } = optionsFor(rabbitmq);
    const { hostname: host, port } = new URL(String(url));
    const transport = amqpTransport({ ...login, host, port: Number(port), vhost, ...options });
    await transport.connect();
    return transport;
  }

  /** Subscribes in each way, and gives what came in and the type of each queue. */
  async function subscribeAll(transport: Transport, vhost: string) {
    const channels = Object.keys(KINDS).map((kind) => freshChannel(kind));
    const texts: string[] = [];
    for (const [index, options] of Object.values(KINDS).entries()) {
      await transport.subscribe(channels[index] as string, (one) => void texts.push(textOf(one)), options);
    }
    for (const channel of channels) await transport.publish(message(channel, channel), { mustRoute: true });
    await expect.poll(() => [...texts].sort()).toEqual([...channels].sort());
    const queues = (await manage(rabbitmq, `GET queues/${vhost}`)) as { name: string; type: string }[];
    const typeOf = (wanted: (name: string) => boolean) => queues.find(({ name }) => wanted(name))?.type;
    const [request = '', , event = ''] = channels;
    return {
      request: typeOf((name) => name === queueNameOf(request)),
      session: typeOf((name) => name.startsWith('intersect-session')),
      event: typeOf((name) => name === eventQueueNameOf(LISTENER.address, event)),
      none: typeOf((name) => name.startsWith('amq.gen')),
    };
  }

  test('where the virtual host says quorum, all are but those of one connection alone', async () => {
    await onVhost('quorum', async (vhost) => {
      const transport = await connected(vhost);
      const types = await subscribeAll(transport, vhost);
      expect(types).toEqual({ request: 'quorum', session: 'quorum', event: 'quorum', none: 'classic' });
      await transport.close();
    });
  });

  test('the option is about sessions and events, whatever the virtual host says', async () => {
    await onVhost('classic', async (vhost) => {
      const transport = await connected(vhost, { queueType: { session: 'quorum', event: 'quorum' } });
      const types = await subscribeAll(transport, vhost);
      expect(types).toEqual({ request: 'classic', session: 'quorum', event: 'quorum', none: 'classic' });
      await transport.close();
    });
    await onVhost('quorum', async (vhost) => {
      const transport = await connected(vhost, { queueType: { event: 'classic' } });
      const types = await subscribeAll(transport, vhost);
      expect(types).toEqual({ request: 'quorum', session: 'quorum', event: 'classic', none: 'classic' });
      await transport.close();
    });
  });

  test("a listener's queue that exists with another type is used as it is, and told once", async () => {
    await onVhost('classic', async (vhost) => {
      const channel = freshChannel('events/Cap/tick');
      const [before, after] = [
        await connected(vhost),
        await connected(vhost, { queueType: { event: 'quorum' } }),
      ];
      const notices: string[] = [];
      after.onEvent((event) => {
        if (event.kind === 'notice') notices.push(event.message);
      });
      const options = { retention: 'durable', listener: LISTENER } as const;
      const first = await before.subscribe(channel, () => {}, options);
      await first.unsubscribe();
      const texts: string[] = [];
      await after.subscribe(channel, (one) => void texts.push(textOf(one)), options);
      await after.publish(message(channel, 'x'), { mustRoute: true });
      await expect.poll(() => texts).toEqual(['x']);
      expect(notices).toEqual([expect.stringContaining('queueType')]);
      await before.close();
      await after.close();
    });
  });
});
