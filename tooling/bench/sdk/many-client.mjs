// One client that asks many services in turn.
import { IntersectClient } from '@intersect-sdk/client';
import { closedLoop } from '../lib/closed-loop.mjs';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { services, ...where } = settings();
const client = new IntersectClient({ brokers: [await transportOf(where)] });
await client.startup();

await takeCommands(
  {
    /** @param {{ asked: number, inFlight: number, durationMs: number, payloadBytes: number }} load */
    measure({ asked, ...load }) {
      let next = 0;
      return closedLoop((payload) => {
        next = (next + 1) % asked;
        return client.request({ destination: services[next], operation: 'Bench.echo', payload });
      }, load);
    },
  },
  { end: () => client.shutdown() },
);
