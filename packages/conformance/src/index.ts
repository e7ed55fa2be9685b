export type { CaseResult, ConformanceCase } from './case.js';
export { runCase } from './case.js';
export { ConformanceFailure } from './check.js';
export { conformanceCases } from './conformance-cases.js';
export type { ConformanceHarness, Need } from './harness.js';
