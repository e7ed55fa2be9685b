// One of several instances of a service, whose work leaves a trace in a file, and which a test kills in the middle of it.
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { loadServiceConfig } from '@intersect-sdk/config';
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';

const { SERVICE_NAME = '', INSTANCE = '', WORK_FILE = '', WORK_MS = '20' } = process.env;

const work = defineCapability({
  name: 'Work',
  concurrency: 4,
  operations: { work: { request: Type.Integer({ title: 'number' }), response: Type.Integer() } },
}).implement({
  work: async (number) => {
    appendFileSync(WORK_FILE, `${number} ${INSTANCE}\n`);
    await pause(Number(WORK_MS));
    return number;
  },
});

const { brokers, hierarchy } = await loadServiceConfig({
  hierarchy: { organization: 'fault-org', facility: 'fault-fac', system: 'fault-sys', service: SERVICE_NAME },
});
const service = new IntersectService([work], {
  brokers,
  hierarchy,
  concurrency: 4,
  replicas: true,
  instanceId: INSTANCE,
  keepRequestsMs: 120_000,
});
await defaultIntersectLifecycleLoop(service, { postStartupCallback: () => console.log('ready') });
