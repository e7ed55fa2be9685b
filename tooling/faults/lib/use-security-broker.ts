import { afterAll, beforeAll, beforeEach } from 'vitest';
import { SecurityBroker } from './security-broker.js';
import { skipWithout } from './skip-without.js';

/** One broker for all tests of the file, given before the first of them. They are skipped where this machine can't start one. */
export function useSecurityBroker(give: (broker: SecurityBroker) => void): void {
  let started: SecurityBroker | string;
  beforeAll(async () => {
    started = await SecurityBroker.start();
    if (typeof started !== 'string') give(started);
  });
  afterAll(async () => {
    if (typeof started !== 'string') await started[Symbol.asyncDispose]();
  });
  beforeEach((context) => {
    if (typeof started === 'string') skipWithout(`a RabbitMQ of its own: ${started}`, context);
  });
}
