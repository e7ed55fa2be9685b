import { decodePayload, parseLifecycleHeaders } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, it } from 'vitest';
import { defineCapability, IntersectService, Type } from '../../src/index.js';
import { ADDRESS, Asker, HIERARCHY } from './support/asker.js';

const Hello = defineCapability({
  name: 'HelloExample',
  operations: { say_hello_to_name: { request: Type.String({ title: 'name' }), response: Type.String() } },
  events: { hello_event: { schema: Type.String() } },
  status: { schema: Type.String() },
});

function createHello() {
  return Hello.implement({
    say_hello_to_name: (name, { emit }) => {
      void emit('hello_event', name);
      return `Hello, ${name}!`;
    },
    status: () => 'Up',
  });
}

it('answers requests, emits events, and says when it comes and goes', async () => {
  const broker = new MemoryBroker();
  await using asker = await Asker.connect(broker);
  const lifecycle = await asker.listen(`${ADDRESS.replaceAll('.', '/')}/lifecycle`);
  const events = await asker.listen(`${ADDRESS.replaceAll('.', '/')}/events/HelloExample/hello_event`);
  const service = new IntersectService([createHello()], {
    hierarchy: HIERARCHY,
    brokers: [memoryTransport(broker)],
  });
  await service.startup();
  const startup = await lifecycle.next();
  expect(parseLifecycleHeaders(startup.headers).lifecycleType).toBe('LCT_STARTUP');
  expect(decodePayload(startup.payload, startup.contentType)).toMatchObject({
    schema: {},
    status: { HelloExample: 'Up', intersect_sdk: { logical_cpus: expect.any(Number) } },
  });
  const reply = await asker.ask('HelloExample.say_hello_to_name', { payload: 'you' });
  expect(reply).toMatchObject({ hasError: false, value: 'Hello, you!', contentType: 'application/json' });
  const event = await events.next();
  expect(decodePayload(event.payload, event.contentType)).toBe('you');
  await service.shutdown('done');
  const goodbye = await lifecycle.next();
  expect(parseLifecycleHeaders(goodbye.headers).lifecycleType).toBe('LCT_SHUTDOWN');
  expect(decodePayload(goodbye.payload, goodbye.contentType)).toBe('done');
  expect(service.isConnected()).toBe(false);
});
