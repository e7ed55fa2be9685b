import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TestSummaryReporter } from './tooling/scripts/lib/test-summary.mjs';

// Tests run on the sources: the condition below is how a package's exports name them.
const conditions = ['intersect-source', 'module', 'node', 'development|production'];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };
// Workspace packages are linked from node_modules; without this vitest would load them unprocessed.
const server = { deps: { inline: [/@intersect-sdk\//] } };

export default defineConfig({
  test: {
    // More than there are cores on a small machine: many tests wait for brokers and for other processes.
    maxWorkers: Math.max(4, availableParallelism()),
    reporters: ['default', new TestSummaryReporter()],
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          // Says that a test hangs, not that the machine is slow.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ['packages/*/test/unit/**/*.test.ts', 'tooling/*/test/unit/**/*.test.ts'],
          server,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'broker',
          include: [
            'packages/*/test/broker/**/*.test.ts',
            'tooling/e2e/test/*.test.ts',
            'apps/*/test/**/*.test.ts',
          ],
          globalSetup: ['tooling/brokers/vitest-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          server,
        },
      },
    ],
  },
});
