import { describeMutants } from './mutants/describe-mutants.js';
import { sharingMutants } from './mutants/sharing-mutants.js';

describeMutants(sharingMutants);
