import { describeMutants } from './mutants/describe-mutants.js';
import { durableMutants } from './mutants/durable-mutants.js';

describeMutants(durableMutants);
