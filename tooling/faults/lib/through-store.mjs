// One side of large data by reference, in a process of its own: `client` or `service`. Prints the most memory that it ever held, in
// bytes, and for the client what came back. Is told the rest by INTERSECT_THROUGH_STORE.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { IntersectClient } from '@intersect-sdk/client';
import { s3Store } from '@intersect-sdk/data-store-s3';
import { Binary, defineCapability, IntersectService, streamed } from '@intersect-sdk/service';
import { amqpTransport } from '@intersect-sdk/transport-amqp';

const PIECE_BYTES = 64 * 1024;
const contentType = 'application/octet-stream';
const [role] = process.argv.slice(2);
const { broker, store, hierarchy, bytes } = JSON.parse(process.env.INTERSECT_THROUGH_STORE ?? '{}');
const dataStores = [s3Store(store)];
const brokers = [amqpTransport(broker)];

/** Data none of which is like another, and that are nowhere as a whole. */
async function* pieces() {
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes - at));
    new DataView(piece.buffer).setUint32(0, at / PIECE_BYTES);
    yield piece;
  }
}

/** @param {AsyncIterable<Uint8Array>} data */
async function digestOf(data) {
  const hash = createHash('sha256');
  let came = 0;
  for await (const piece of data) {
    hash.update(piece);
    came += piece.byteLength;
  }
  return { came, sha256: hash.digest('hex') };
}

const Archive = defineCapability({
  name: 'Archive',
  operations: {
    turn_round: {
      request: Binary(contentType),
      response: Binary(contentType),
      responseDataHandler: 'MINIO',
    },
  },
});

async function serve() {
  const archive = Archive.implement({ turn_round: streamed(async (data) => data) });
  const service = new IntersectService([archive], { hierarchy, brokers, dataStores });
  await service.startup();
  process.stdout.write('ready\n');
  process.stdin.resume();
  await once(process.stdin, 'end');
  await service.shutdown();
  return {};
}

async function ask() {
  const client = new IntersectClient({ brokers, dataStores });
  await client.startup();
  const { organization, facility, system, service } = hierarchy;
  const address = `${organization}.${facility}.${system}.-.${service}`;
  const asked = client.capability(Archive, address);
  const { body } = await asked.$bytes.turn_round(pieces(), { timeoutMs: 600_000 });
  const back = await digestOf(body);
  await client.shutdown();
  return { back, sent: await digestOf(pieces()) };
}

const told = role === 'client' ? await ask() : await serve();
// Of the kernel, in KiB: the most that ever was.
const mostBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ ...told, mostBytes })}\n`);
