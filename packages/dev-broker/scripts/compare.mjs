// The same raw mqtt.js program against several brokers, one after the other:
//   node scripts/compare.mjs [name=mqtt://host:port ...]
// Without addresses it measures the development broker alone (run `pnpm build` first). The broker runs in
// its own process, the publisher and the subscriber share one: its core is usually the limit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';

const MESSAGES = 20_000;
const ROUND_TRIPS = 1_000;
const IN_FLIGHT = 500;
const PAYLOAD = Buffer.alloc(256, 'x');
const PROPERTIES = {
  contentType: 'application/json',
  userProperties: { message_id: 'c5e7f6a0-6f0c-4a3c-9d55-6c7a7d8f8d8e', operation_id: 'Counting.count' },
};
const LOGIN = { username: 'intersect_username', password: 'intersect_password' };

async function startOwn() {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const child = spawn(process.execPath, [cli, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8');
  while (!text.includes('Ctrl-C')) text += (await once(child.stdout, 'data'))[0];
  return { url: /mqtt:\/\/\S+/.exec(text)[0], stop: () => child.kill() };
}

async function dial(url) {
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...LOGIN });
  // mqtt.js leaves Nagle's algorithm on, which waits 40 ms for the acknowledgement of its own PUBACK.
  if (!process.env.WITH_NAGLE) client.stream.setNoDelay(true);
  return client;
}

/** Messages a second that reach one subscriber, QoS 1 on both legs. */
async function throughput(publisher, subscriber, topic) {
  let got = 0;
  const all = new Promise((resolve) => {
    subscriber.on('message', () => {
      if (++got === MESSAGES) resolve();
    });
  });
  await subscriber.subscribeAsync(topic, { qos: 1 });
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    while (next++ < MESSAGES)
      await publisher.publishAsync(topic, PAYLOAD, { qos: 1, properties: PROPERTIES });
  };
  await Promise.all([all, ...Array.from({ length: IN_FLIGHT }, worker)]);
  const rate = MESSAGES / ((performance.now() - startedAt) / 1000);
  subscriber.removeAllListeners('message');
  await subscriber.unsubscribeAsync(topic);
  return rate;
}

/** Requests a second, one at a time: there at QoS 1, and the answer back at QoS 1. */
async function roundTrips(client, service, topic) {
  service.on('message', () =>
    service.publish(`${topic}/answer`, PAYLOAD, { qos: 1, properties: PROPERTIES }),
  );
  await service.subscribeAsync(`${topic}/request`, { qos: 1 });
  await client.subscribeAsync(`${topic}/answer`, { qos: 1 });
  let answered = () => {};
  client.on('message', () => answered());
  const startedAt = performance.now();
  for (let count = 0; count < ROUND_TRIPS; count++) {
    const answer = new Promise((resolve) => {
      answered = resolve;
    });
    client.publish(`${topic}/request`, PAYLOAD, { qos: 1, properties: PROPERTIES });
    await answer;
  }
  const rate = ROUND_TRIPS / ((performance.now() - startedAt) / 1000);
  for (const one of [client, service]) one.removeAllListeners('message');
  return rate;
}

const own = await startOwn();
const brokers = [`dev-broker=${own.url}`, ...process.argv.slice(2)];
for (const entry of brokers) {
  const [name, url] = entry.split('=');
  const topic = `compare/${process.pid}`;
  const [one, other] = [await dial(url), await dial(url)];
  const trips = await roundTrips(one, other, topic);
  process.stdout.write(`${name.padEnd(12)} ${trips.toFixed(0).padStart(7)} round trips/s\n`);
  // Other brokers drop messages of such a burst unless they are configured for it.
  if (url === own.url) {
    await throughput(one, other, `${topic}/warm-up`);
    const rate = await throughput(one, other, `${topic}/rate`);
    process.stdout.write(
      `${name.padEnd(12)} ${rate.toFixed(0).padStart(7)} messages/s through one subscriber\n`,
    );
  }
  await Promise.all([one.endAsync(), other.endAsync()]);
}
own.stop();
