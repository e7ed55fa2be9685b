import { defineConfig } from 'vitest/config';
import { limits, onSources, reporters, server } from './tooling/build/vitest-shared.mjs';

// Minutes of cut links, killed brokers and hostile messages. `npm run faults` runs them; `npm test` doesn't.
export default defineConfig({
  ...onSources,
  test: {
    name: 'faults',
    reporters,
    include: ['tooling/faults/test/*.test.ts'],
    globalSetup: ['tooling/brokers/vitest-setup.ts'],
    // Each file loads the machine and counts what comes of it.
    maxWorkers: 2,
    // They wait for brokers and timers more than they work.
    maxConcurrency: 16,
    ...limits,
    server,
  },
});
