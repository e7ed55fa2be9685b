import { runAppOnDevBroker } from '@intersect-sdk/app-harness';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { test } from 'vitest';
import { app } from './app.js';

describeWithBroker('s3', (store) => {
  test('runs as its README says, on the embedded broker', () => runAppOnDevBroker(app, store));
});
