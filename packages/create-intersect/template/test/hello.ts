// The service without a broker: `npm test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLab } from '@intersect-sdk/testing';
import { HelloExample } from '../src/contract.js';
import { hello } from '../src/hello.js';

test('greets whoever asks', async () => {
  const lab = await startLab({ services: [hello] });
  assert.equal(await lab.capability(HelloExample).say_hello_to_name('tester'), 'Hello, tester!');
  await lab.stop();
});
