import { TestSummaryReporter } from '../scripts/lib/test-summary.mjs';

// Tests run on the sources: the condition below is how a package's exports name them.
const conditions = ['intersect-source', 'module', 'node', 'development|production'];

/** What every project needs to run tests on the sources of this workspace. */
export const onSources = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

/** Workspace packages are linked from node_modules; without this vitest would load them unprocessed. */
export const server = { deps: { inline: [/@intersect-sdk\//] } };

/** @type {['default', TestSummaryReporter]} */
export const reporters = ['default', new TestSummaryReporter()];
