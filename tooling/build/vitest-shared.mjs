import { PATIENCE_MS, TEST_LIMIT_MS } from '../scripts/lib/patience.mjs';
import { TestSummaryReporter } from '../scripts/lib/test-summary.mjs';

// Tests run on the sources: the first condition is how a package's exports name them. Node loads the others, and knows no 'module'.
const conditions = ['intersect-source', 'node', 'development|production'];

/** What every project needs to run tests on the sources of this workspace. */
export const onSources = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

/** How long a test may take, and how long it looks for what nothing announces. */
export const limits = {
  testTimeout: TEST_LIMIT_MS,
  hookTimeout: TEST_LIMIT_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
};

/** Workspace packages are linked from node_modules; without this vitest would load them unprocessed. */
export const server = { deps: { inline: [/@intersect-sdk\//] } };

/** @type {['default', TestSummaryReporter]} */
export const reporters = ['default', new TestSummaryReporter()];
