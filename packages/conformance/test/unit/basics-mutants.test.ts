import { basicsMutants } from './mutants/basics-mutants.js';
import { describeMutants } from './mutants/describe-mutants.js';

describeMutants(basicsMutants);
