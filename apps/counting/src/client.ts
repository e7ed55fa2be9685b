// A conversation by callbacks: each answer leads to the next message, after a while.
import { setTimeout as wait } from 'node:timers/promises';
import { defaultIntersectLifecycleLoop, IntersectClient, stop } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';

const destination =
  'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';

/** What to ask next, and how many ms to wait before. The counts in the answers are about 6, 7, 10, 6, 1 and 4. */
const steps = [
  { waitMs: 5_000, operation: 'stop_count' },
  { waitMs: 1_000, operation: 'start_count' },
  { waitMs: 3_000, operation: 'reset_count', payload: true },
  { waitMs: 5_000, operation: 'reset_count', payload: false },
  { waitMs: 3_000, operation: 'start_count' },
  { waitMs: 3_000, operation: 'stop_count' },
];

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient(
  {
    brokers,
    initialMessageEventConfig: {
      messagesToSend: [{ destination, operation: 'CountingExample.start_count' }],
    },
  },
  async (source, operation, hasError, payload, { error }) => {
    if (hasError) throw error;
    console.log('Source:', json(source));
    console.log('Operation:', json(operation));
    console.log('Payload:', json(payload));
    console.log();
    const next = steps.shift();
    if (!next) return stop;
    await wait(next.waitMs);
    return {
      messagesToSend: [
        { destination, operation: `CountingExample.${next.operation}`, payload: next.payload },
      ],
    };
  },
);

await defaultIntersectLifecycleLoop(client);

/** JSON on one line with spaces, as people write it. */
function json(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/,\n\s*/g, ', ')
    .replace(/\n\s*/g, '');
}
