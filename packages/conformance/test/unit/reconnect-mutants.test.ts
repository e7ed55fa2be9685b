import { describeMutants } from './mutants/describe-mutants.js';
import { reconnectMutants } from './mutants/reconnect-mutants.js';

describeMutants(reconnectMutants);
