// A service that writes down what becomes of each request, and is killed while it does. With a folder it remembers what it has seen there.
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { loadServiceConfig } from '@intersect-sdk/config';
import { seenStore } from '@intersect-sdk/seen-store';
import {
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
  Type,
} from '@intersect-sdk/service';

const { WORK_FILE = '', SERVICE_NAME = '', SEEN_FOLDER = '' } = process.env;

/** @type {(what: 'began' | 'ended' | 'finished', number: number | undefined) => void} */
const note = (what, number) => appendFileSync(WORK_FILE, `${what} ${number}\n`);
/** @type {Map<string, number>} */
const numbers = new Map();

const work = defineCapability({
  name: 'Work',
  concurrency: 32,
  operations: { work: { request: Type.Integer({ title: 'number' }), response: Type.Integer() } },
}).implement({
  work: async (number, { messageId }) => {
    numbers.set(messageId, number);
    note('began', number);
    await pause(2 + ((number * 7) % 11));
    note('ended', number);
    return number;
  },
});

const { brokers, hierarchy } = await loadServiceConfig({
  hierarchy: { organization: 'fault-org', facility: 'fault-fac', system: 'fault-sys', service: SERVICE_NAME },
});
const service = new IntersectService([work], {
  brokers,
  hierarchy,
  keepRequestsMs: 120_000,
  ...(SEEN_FOLDER && { seen: seenStore({ folder: SEEN_FOLDER }) }),
  observers: [
    {
      onMessage: ({ kind, messageId = '', outcome }) => {
        // It has its answer, which is sent from now on.
        if (kind === 'handled' && outcome !== 'repeated') note('finished', numbers.get(messageId));
      },
    },
  ],
});
await defaultIntersectLifecycleLoop(service, { postStartupCallback: () => console.log('ready') });
