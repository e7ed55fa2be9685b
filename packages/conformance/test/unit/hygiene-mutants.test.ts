import { describeMutants } from './mutants/describe-mutants.js';
import { hygieneMutants } from './mutants/hygiene-mutants.js';

describeMutants(hygieneMutants);
