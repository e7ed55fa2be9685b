import { runAppOnDevBroker } from '@intersect-sdk/app-harness';
import { fatesOf } from '@intersect-sdk/app-harness/data-fates';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { app } from './app.js';

describeWithBroker('s3', (store) => {
  test('runs as its README says, on the embedded broker, and leaves what it says in the store', async () => {
    const traffic = await runAppOnDevBroker(app, store);
    expect(await fatesOf(traffic, store)).toEqual([
      'request by reference, deleted',
      'answer by reference, deleted',
    ]);
  });
});
