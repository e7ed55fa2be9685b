// The same raw mqtt.js program against the development broker, mosquitto and RabbitMQ, in rounds, one broker after
// the other in each; prints the medians:
//   node packages/dev-broker/scripts/compare.mjs [rounds, default 5]
// Run `pnpm build` first. The brokers are those of the tests. Each runs in its own process, both MQTT clients share
// one: its core is usually the limit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { startBrokers } from '../../../tooling/brokers/brokers.mjs';
import { debianProvider, debianRootProblem } from '../../../tooling/brokers/lib/provider-debian.mjs';

const ROUNDS = Number(process.argv[2] ?? 5);
const MESSAGES = 20_000;
const ROUND_TRIPS_MS = 2_000;
const IN_FLIGHT = 500;
const PAYLOAD = Buffer.alloc(256, 'x');
const PROPERTIES = {
  contentType: 'application/json',
  userProperties: { message_id: 'c5e7f6a0-6f0c-4a3c-9d55-6c7a7d8f8d8e', operation_id: 'Counting.count' },
};
const LOGIN = { username: 'intersect_username', password: 'intersect_password' };
const say = (line) => process.stdout.write(`${line}\n`);

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
  let count = 0;
  while (performance.now() - startedAt < ROUND_TRIPS_MS) {
    const answer = new Promise((resolve) => {
      answered = resolve;
    });
    client.publish(`${topic}/request`, PAYLOAD, { qos: 1, properties: PROPERTIES });
    await answer;
    count++;
  }
  const rate = count / ((performance.now() - startedAt) / 1000);
  for (const one of [client, service]) one.removeAllListeners('message');
  return rate;
}

/** A mosquitto as it is installed: it waits before small packets, which the one of the tests is told not to do. */
async function startUntunedMosquitto() {
  const problem = await debianRootProblem();
  if (problem !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const ports = { mqtt: await freePort(), webSocket: await freePort() };
  const mosquitto = (await debianProvider(say)).mosquitto(ports, { folder, attached: true });
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^set_tcp_nodelay .*$/m, ''));
  await mosquitto.start();
  const stop = async () => {
    await mosquitto.stop();
    rmSync(folder, { recursive: true });
  };
  return { url: `mqtt://127.0.0.1:${ports.mqtt}`, stop };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

const set = await startBrokers({ rabbitmq: true, mosquitto: true, onProgress: say });
const untuned = await startUntunedMosquitto();
const own = await startOwn();
for (const { what, reason } of set.unavailable) say(`${what}: ${reason}`);
const urls = {
  'development broker': own.url,
  mosquitto: set.mosquitto?.mqttUrl,
  'mosquitto without set_tcp_nodelay': untuned?.url,
  RabbitMQ: set.rabbitmq?.mqttUrl,
};
const found = Object.entries(urls).filter(([, url]) => url !== undefined);
const trips = new Map(found.map(([name]) => [name, []]));
const rates = [];
const topic = `compare/${process.pid}`;
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, url] of found) {
      const [one, other] = [await dial(url), await dial(url)];
      trips.get(name).push(await roundTrips(one, other, topic));
      // Other brokers drop messages of such a burst unless they are configured for it.
      if (url === own.url) rates.push(await throughput(one, other, `${topic}/rate`));
      await Promise.all([one.endAsync(), other.endAsync()]);
    }
  }
  for (const [name, all] of trips)
    say(`${name.padEnd(34)} ${median(all).toFixed(0).padStart(6)} round trips/s`);
  say(
    `${'development broker'.padEnd(34)} ${median(rates).toFixed(0).padStart(6)} messages/s, one subscriber`,
  );
} finally {
  own.stop();
  await untuned?.stop();
  await set.stop();
}
