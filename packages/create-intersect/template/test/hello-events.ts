// A client without the service: a mock answers. `npm test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mockService, startLab } from '@intersect-sdk/testing';
import { HelloExample } from '../src/contract.js';

test('a greeting is asked for, and everyone is told', async () => {
  const hello = mockService(HelloExample, {
    say_hello_to_name: async (name, { emit }) => {
      await emit('hello_event', name);
      return 'Hi!';
    },
    status: () => 'Up',
  });
  const lab = await startLab({ services: [hello] });
  assert.equal(await lab.capability(HelloExample).say_hello_to_name('tester'), 'Hi!');
  assert.equal(lab.requests(HelloExample, 'say_hello_to_name')[0]?.argument, 'tester');
  assert.equal((await lab.untilEvent(HelloExample, 'hello_event')).value, 'tester');
  await lab.stop();
});
