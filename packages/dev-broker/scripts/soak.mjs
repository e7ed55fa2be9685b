// Watches the broker's memory under clients that come, go, come back, and leave messages behind:
//   pnpm build && node --expose-gc scripts/soak.mjs [seconds, default 60]
// Exit code 1 when the heap has grown since the first third.
import { once } from 'node:events';
import { connect, connectAsync } from 'mqtt';
import { startDevBroker } from '../dist/index.js';

const SECONDS = Number(process.argv[2] ?? 60);
const ALLOWED_GROWTH = 4 * 1024 * 1024;
const login = { protocolVersion: 5, username: 'intersect_username', password: 'intersect_password' };

const broker = await startDevBroker({ port: 0 });
const dial = (options) => connectAsync(broker.url, { reconnectPeriod: 0, ...login, ...options });

async function round(number) {
  const durable = {
    clientId: `durable-${number % 5}`,
    clean: false,
    properties: { sessionExpiryInterval: 60 },
  };
  const away = await dial(durable);
  await away.subscribeAsync(`soak/${number % 5}/#`, { qos: 1 });
  const closed = once(away.stream, 'close');
  away.stream.destroy();
  await closed;

  const publisher = await dial({ will: { topic: 'soak/will', payload: 'x', qos: 1, retain: true } });
  const properties = { userProperties: { message_id: `${number}` }, messageExpiryInterval: 600 };
  for (let count = 0; count < 50; count++) {
    const qos = count % 3;
    const topic = `soak/${number % 5}/${count % 7}`;
    await publisher.publishAsync(topic, Buffer.alloc(500), { qos, retain: count % 10 === 0, properties });
  }
  publisher.stream.destroy();

  const back = connect(broker.url, { reconnectPeriod: 0, ...login, ...durable });
  let got = 0;
  await new Promise((resolve) => {
    back.on('message', () => {
      if (++got === 30) resolve();
    });
  });
  await back.unsubscribeAsync(`soak/${number % 5}/#`);
  await back.endAsync();
}

const heap = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
const startedAt = performance.now();
const seconds = () => (performance.now() - startedAt) / 1000;
let baseline;
let rounds = 0;
let reportAt = 0;
while (seconds() < SECONDS) {
  await round(rounds++);
  if (baseline === undefined && seconds() > SECONDS / 3) baseline = heap();
  if (seconds() > reportAt) {
    reportAt += SECONDS / 10;
    process.stdout.write(
      `${seconds().toFixed(0)} s  ${rounds} rounds  ${(heap() / 1024 / 1024).toFixed(1)} MiB\n`,
    );
  }
}
const growth = heap() - baseline;
await broker.stop();
process.stdout.write(`Grown by ${(growth / 1024 / 1024).toFixed(2)} MiB in ${rounds} rounds.\n`);
process.exitCode = growth > ALLOWED_GROWTH ? 1 : 0;
