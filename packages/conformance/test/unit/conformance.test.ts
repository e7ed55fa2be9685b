import { describeConformance } from '../../src/vitest.js';
import { memoryHarness } from './memory-harness.js';

describeConformance('the in-memory transport', memoryHarness);
