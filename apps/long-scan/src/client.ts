// Waits for work that takes long: sees how far it is, reads what is measured as it comes, and stops a scan that has shown enough.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { Diffractometer } from './contract.js';

const ADDRESS = 'scan-organization.scan-facility.scan-system.scan-subsystem.scan-service';

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

const client = new IntersectClient({ brokers });
await client.startup();
try {
  const lab = client.capability(Diffractometer, ADDRESS);

  const answer = await lab.align({
    onProgress: ({ fraction = 0, message }) => console.log(`${Math.round(fraction * 100)} %: ${message}`),
    // It may take hours, as long as the service says that it is at work.
    idleTimeoutMs: 60_000,
  });
  console.log(answer);

  for await (const { angle, counts } of lab.scan(5)) console.log(`${angle} degrees: ${counts} counts`);

  // A scan of hours; leaving the loop ends it in the service, too.
  for await (const { angle } of lab.scan(1_000_000)) {
    if (angle < 3) continue;
    console.log(`seen enough at ${angle} degrees; the motor ${await lab.motor()}`);
    break;
  }
  while ((await lab.motor()) === 'turns');
  console.log('the motor rests');
} finally {
  await client.shutdown();
}
