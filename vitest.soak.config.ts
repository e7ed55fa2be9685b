import { defineConfig } from 'vitest/config';
import { onSources, reporters, server } from './tooling/build/vitest-shared.mjs';

// Minutes of work with faults, to see that memory stays flat. `npm run soak` runs it.
export default defineConfig({
  ...onSources,
  test: {
    name: 'soak',
    reporters,
    include: ['tooling/faults/soak/*.test.ts'],
    // Each judges what its own load leaves, on an otherwise idle machine.
    fileParallelism: false,
    globalSetup: ['tooling/brokers/vitest-setup.ts'],
    hookTimeout: 120_000,
    execArgv: ['--expose-gc'],
    server,
  },
});
