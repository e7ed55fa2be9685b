import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { expect, test } from 'vitest';

/** A server that says everything again, behind a proxy, and one client of it. */
async function echo() {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await FaultProxy.to(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = await dial(proxy.port);
  return {
    proxy,
    client,
    async [Symbol.asyncDispose]() {
      client.socket.destroy();
      await proxy[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Client {
  readonly socket: Socket;
  heard = '';
  readonly ended: Promise<string>;

  constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      socket.on('end', () => resolve('end'));
    });
    socket.on('data', (bytes) => {
      this.heard += bytes.toString();
    });
  }

  /** Resolves when so much was heard. */
  async until(text: string): Promise<void> {
    while (!this.heard.includes(text)) await once(this.socket, 'data');
  }

  async ask(text: string): Promise<void> {
    this.socket.write(text);
    await this.until(text);
  }
}

async function dial(port: number): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const client = new Client(socket);
  await once(socket, 'connect');
  return client;
}

test('passes everything on, and counts it', async () => {
  await using it = await echo();
  await it.client.ask('hello');
  expect([it.proxy.accepted, it.proxy.connections]).toEqual([1, 1]);
  expect([it.proxy.bytesToTarget, it.proxy.bytesFromTarget]).toEqual([5, 5]);
});

test('cuts those that it is asked for, as a reset', async () => {
  await using it = await echo();
  await it.client.ask('first');
  const other = await dial(it.proxy.port);
  await other.ask('second');
  it.proxy.cut((head) => head.includes('second'));
  expect(await other.ended).toBe('ECONNRESET');
  await it.client.ask('still there');
  it.proxy.cut();
  expect(await it.client.ended).toBe('ECONNRESET');
  await it.proxy.noneLeft();
});

test.each(['both', 'to-target', 'from-target'] as const)('stalls %s, and goes on in order', async (way) => {
  await using it = await echo();
  await it.client.ask('before');
  it.proxy.stall(way);
  it.client.socket.write('one ');
  it.client.socket.write('two ');
  const late = await dial(it.proxy.port);
  late.socket.write('late');
  const toTarget = (): number => it.proxy.bytesToTarget;
  await expect.poll(toTarget).toBe('before'.length + 'one two '.length + 'late'.length);
  expect([it.client.heard, late.heard]).toEqual(['before', '']);
  it.proxy.resume(way);
  await it.client.until('one two ');
  await late.until('late');
});

test('holds a flooding sender back while it stalls', async () => {
  await using it = await echo();
  it.proxy.stall();
  const flood = Buffer.alloc(32 * 1024 * 1024, 'x');
  it.client.socket.write(flood);
  await expect.poll(() => it.proxy.bytesToTarget).toBeGreaterThan(256 * 1024);
  expect(it.proxy.bytesToTarget).toBeLessThan(1024 * 1024);
  it.proxy.resume();
  await expect.poll(() => it.client.heard.length).toBe(flood.length);
});

test('delays, in order', async () => {
  await using it = await echo();
  it.proxy.delay(40);
  const started = performance.now();
  it.client.socket.write('a');
  await it.client.ask('b');
  expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  expect(it.client.heard).toBe('ab');
});

test('half-closes: the end of one direction comes, the other goes on', async () => {
  await using it = await echo();
  await it.client.ask('before');
  it.proxy.halfClose('from-target');
  expect(await it.client.ended).toBe('end');
  it.client.socket.write('after');
  await expect.poll(() => it.proxy.bytesFromTarget).toBe('beforeafter'.length);
  expect(it.client.heard).toBe('before');
});

test('refuses new connections and lets old ones be', async () => {
  await using it = await echo();
  await it.client.ask('before');
  it.proxy.refuse(true);
  const refused = new Client(connect({ host: '127.0.0.1', port: it.proxy.port }));
  expect(await refused.ended).toBe('ECONNRESET');
  await it.client.ask('still there');
  it.proxy.refuse(false);
  await (await dial(it.proxy.port)).ask('again');
});
