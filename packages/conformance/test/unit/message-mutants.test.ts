import { describeMutants } from './mutants/describe-mutants.js';
import { messageMutants } from './mutants/message-mutants.js';

describeMutants(messageMutants);
