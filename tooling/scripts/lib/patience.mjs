/** A test ends by what it waits for. This limit is for one that hangs, and far beyond what a test takes on a machine that is busy with other things. */
export const TEST_LIMIT_MS = 300_000;

/** For what a test waits for: over before the test's own limit, so that the test can say what did not come. */
export const PATIENCE_MS = 240_000;
