// Asks the camera for pictures in three ways, saves them in the folder `pictures`, and says of each what it is.
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig } from '@intersect-sdk/config';
import { Camera } from './contract.js';
import { dataStores } from './data-stores.js';
import { describeImage } from './describe-image.js';

const ADDRESS = 'camera-organization.camera-facility.camera-system.camera-subsystem.camera-service';
const FRAMES = 3;

// INTERSECT_BROKER_URL, when set, goes before what is written here.
const { brokers } = await loadClientConfig({
  brokers: [
    { protocol: 'mqtt5.0', port: 1883, username: 'intersect_username', password: 'intersect_password' },
  ],
});

await mkdir('pictures', { recursive: true });
const client = new IntersectClient({ brokers, dataStores });
await client.startup();
try {
  const camera = client.capability(Camera, ADDRESS);

  // The whole picture, in memory.
  const picture = await camera.take_picture({ width: 640, height: 480 }, { timeoutMs: 30_000 });
  await writeFile('pictures/picture.png', picture);
  console.log(await describeImage('pictures/picture.png'));

  // A stream, from the store into the file. It is deleted in the store when it was read to its end.
  const { body } = await camera.$bytes.scan({ width: 2400, height: 800 }, { timeoutMs: 30_000 });
  await pipeline(body, createWriteStream('pictures/scan.png'));
  console.log(await describeImage('pictures/scan.png'));

  // Events. All who listen read the same data, so nobody deletes them: the store lets them expire.
  const frames = camera.$events('frame');
  await frames.ready;
  const recorded = camera.record(FRAMES, { timeoutMs: 30_000 });
  let number = 0;
  for await (const { payload } of frames) {
    const file = `pictures/frame-${++number}.png`;
    await writeFile(file, payload);
    console.log(await describeImage(file));
    if (number === FRAMES) break;
  }
  console.log(`${await recorded} frames were recorded.`);
} finally {
  await client.shutdown();
}
