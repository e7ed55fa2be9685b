// What a request that is being worked on costs its service.
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { bytesInUse } from '../lib/bytes-per-request.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { hierarchy, keepRequestsMs, atOnce, ...where } = settings();
/** @type {((answer: string) => void)[]} */
let held = [];
/** @type {() => void} */
let onHeld = () => {};

const Bench = defineCapability({
  name: 'Bench',
  concurrency: atOnce,
  operations: { hold: { request: Type.String(), response: Type.String() } },
});
const bench = Bench.implement({
  hold: () =>
    new Promise((resolve) => {
      held.push(resolve);
      onHeld();
    }),
});
const service = new IntersectService([bench], {
  hierarchy,
  keepRequestsMs,
  concurrency: atOnce,
  maxInFlight: atOnce,
  brokers: [await transportOf(where)],
});
await service.startup();
const before = await bytesInUse();

await takeCommands(
  {
    /** @param {{ requests: number }} options */
    async bytesPerRequest({ requests }) {
      await new Promise((resolve) => {
        onHeld = () => held.length >= requests && resolve(undefined);
        onHeld();
      });
      return ((await bytesInUse()) - before) / held.length;
    },
    release() {
      for (const answer of held) answer('done');
      held = [];
    },
  },
  { end: () => service.shutdown() },
);
