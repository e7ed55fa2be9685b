import type { ConformanceCase } from './case.js';
import { basicsCases } from './cases/basics.js';
import { channelCases } from './cases/channels.js';
import { drainCases } from './cases/drain.js';
import { durableCases } from './cases/durable.js';
import { fidelityCases } from './cases/fidelity.js';
import { hygieneCases } from './cases/hygiene.js';
import { reconnectCases } from './cases/reconnect.js';
import { sharingCases } from './cases/sharing.js';
import { subscribeCases } from './cases/subscribe.js';

/** Everything that a transport promises to clients and services, case by case. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...basicsCases,
  ...drainCases,
  ...fidelityCases,
  ...channelCases,
  ...subscribeCases,
  ...durableCases,
  ...sharingCases,
  ...reconnectCases,
  ...hygieneCases,
];
