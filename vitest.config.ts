import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { limits, onSources, reporters, server } from './tooling/build/vitest-shared.mjs';

// Half of the time of the unit tests went into loading the same modules again for each file. What a file leaves behind in its
// process, such as a connection that nobody ends, can now make another one fail, and does well to.
const oneProcessForManyFiles = {
  isolate: false,
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
};

export default defineConfig({
  test: {
    // More than there are cores on a small machine: many tests wait for brokers and for other processes.
    maxWorkers: Math.max(4, availableParallelism()),
    reporters,
    projects: [
      {
        ...onSources,
        test: {
          ...oneProcessForManyFiles,
          ...limits,
          name: 'unit',
          include: [
            'packages/*/test/unit/**/*.test.ts',
            'apps/*/test/unit/**/*.test.ts',
            'tooling/*/test/unit/**/*.test.ts',
          ],
          server,
        },
      },
      {
        ...onSources,
        test: {
          ...oneProcessForManyFiles,
          name: 'broker',
          include: [
            'packages/*/test/broker/**/*.test.ts',
            'tooling/e2e/test/*.test.ts',
            'apps/*/test/*.test.ts',
          ],
          ...limits,
          globalSetup: ['tooling/brokers/vitest-setup.ts'],
          server,
        },
      },
    ],
  },
});
