import { describeMutants } from './mutants/describe-mutants.js';
import { subscriptionMutants } from './mutants/subscription-mutants.js';

describeMutants(subscriptionMutants);
