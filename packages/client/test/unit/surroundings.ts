// What each test has to itself. Test files share the modules that they import, so each of them calls `freshForEachTest`.
import type { Report } from '@intersect-sdk/client';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { beforeEach } from 'vitest';
import { Collected } from './support.js';

export let broker: MemoryBroker;
/** What the test's clients reported. */
export let reports: Collected<Report>;

/** Makes `broker` and `reports` anew before each test of the file. */
export function freshForEachTest(): void {
  beforeEach(() => {
    broker = new MemoryBroker();
    reports = new Collected();
  });
}
