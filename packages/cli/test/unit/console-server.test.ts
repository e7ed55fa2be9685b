import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import {
  type BrokerFrame,
  type PageFrame,
  pack,
  TUNNEL_PROTOCOL,
  unpack,
} from '@intersect-sdk/console/tunnel';
import { newId, type WireMessage } from '@intersect-sdk/core';
import type { TransportDriver } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ConsoleServer, serveConsole } from '../../src/console/console-server.js';
import { policyFor } from '../../src/console/policy.js';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const page = { body: text('<p>page</p>'), contentType: 'text/html; charset=utf-8', isForEver: false };

interface Served {
  readonly server: ConsoleServer;
  readonly origin: string;
  readonly token: string;
  readonly broker: MemoryBroker;
  readonly driver: TransportDriver;
}

async function served(readOnly = false, port = 0): Promise<Served & AsyncDisposable> {
  const broker = new MemoryBroker();
  const driver = memoryDriver(broker);
  const server = await serveConsole({
    files: new Map([
      ['/', page],
      ['/index.html', page],
    ]),
    ways: [{ driver, told: { way: 'tunnel', name: driver.name, path: '/tunnel/0' } }],
    readOnly,
    services: () => '[]',
    port,
  });
  const { origin, hash } = new URL(server.url);
  const token = hash.replace('#token=', '');
  return {
    server,
    origin,
    token,
    broker,
    driver,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** `fetch` lets nobody set these headers. */
async function ask(origin: string, path: string, headers: Record<string, string> = {}) {
  const { method = 'GET', ...others } = headers;
  const sent = request(`${origin}${path}`, { headers: others, method });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response as { statusCode: number; headers: Record<string, string> };
}

describe('what is served', () => {
  test('is still there when somebody asks for what is no URL, or leaves a refused tunnel at once', async () => {
    await using at = await served();
    const { origin } = at;
    expect((await ask(origin, '//')).statusCode).toBe(404);
    for (let times = 0; times < 20; times++) {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(
        `GET /tunnel/0 HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect((await ask(origin, '/')).statusCode).toBe(200);
  });

  test('goes to whoever asks for one of its own names, and to no page of elsewhere', async () => {
    await using at = await served();
    const { origin } = at;
    expect((await ask(origin, '/')).statusCode).toBe(200);
    expect((await ask(origin, '/', { origin })).statusCode).toBe(200);
    expect((await ask(origin, '/', { host: 'evil.example' })).statusCode).toBe(403);
    expect((await ask(origin, '/', { origin: 'http://evil.example' })).statusCode).toBe(403);
    expect((await ask(origin, '/', { origin: 'null' })).statusCode).toBe(403);
    expect((await ask(origin, '/', { method: 'POST' })).statusCode).toBe(405);
    expect((await ask(origin, '/../package.json')).statusCode).toBe(404);
  });

  test.each(['/config.json', '/services.json', '/timeline.jsonl'])(
    'is told only to who has the token: %s',
    async (path) => {
      await using at = await served();
      const { origin, token } = at;
      expect((await ask(origin, path)).statusCode).toBe(401);
      expect((await ask(origin, path, { authorization: 'Bearer wrong' })).statusCode).toBe(401);
      const right = await ask(origin, path, { authorization: `Bearer ${token}` });
      expect(right).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
    },
  );

  test('keeps for the page, in memory, what it gives, and takes it from no other', async () => {
    await using at = await served();
    const url = `${at.origin}/timeline.jsonl`;
    const headers = { authorization: `Bearer ${at.token}` };
    expect((await fetch(url, { method: 'PUT', body: 'stranger' })).status).toBe(401);
    expect((await fetch(url, { method: 'PUT', headers, body: 'line' })).status).toBe(204);
    const tooMuch = new Uint8Array(16 * 1024 * 1024 + 1);
    expect((await fetch(url, { method: 'PUT', headers, body: tooMuch })).status).toBe(413);
    expect(await (await fetch(url, { headers })).text()).toBe('line');
    expect((await fetch(`${at.origin}/config.json`, { method: 'PUT', headers })).status).toBe(405);
  });

  test('may make nothing of text, and reach no foreign host', async () => {
    await using at = await served();
    const { headers } = await ask(at.origin, '/');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(policyFor({ brokers: [{ way: 'direct', name: 'b', url: 'wss://lab:15676/ws' }] })).toContain(
      "connect-src 'self' wss://lab:15676;",
    );
  });
});

test('a port that is in use is said, and how to choose another', async () => {
  await using at = await served();
  const port = Number(new URL(at.origin).port);
  await expect(served(false, port)).rejects.toThrow(`Port ${port} is in use: choose another with --port`);
});

/** A page at the tunnel. */
class Tunnelled {
  readonly #socket: WebSocket;
  readonly #came: { readonly frame: BrokerFrame; readonly payload: string }[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { frame, payload } = unpack<BrokerFrame>(data);
      this.#came.push({ frame, payload: new TextDecoder().decode(payload) });
      socket.emit('frame');
    });
  }

  say(frame: PageFrame, payload?: Uint8Array): void {
    this.#socket.send(pack(frame, payload));
  }

  /** The first frame of this kind, taken. */
  async next<Kind extends BrokerFrame['kind']>(kind: Kind) {
    for (;;) {
      const at = this.#came.findIndex(({ frame }) => frame.kind === kind);
      if (at >= 0) {
        const [found] = this.#came.splice(at, 1);
        return found as { readonly frame: BrokerFrame & { kind: Kind }; readonly payload: string };
      }
      await once(this.#socket, 'frame');
    }
  }
}

async function tunnelled(
  at: Served,
  { origin = at.origin, token = at.token, path = '/tunnel/0' } = {},
  first: 'opened' | 'lost' = 'opened',
) {
  const url = `${at.origin.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url, [TUNNEL_PROTOCOL, token], { headers: { origin } });
  await once(socket, 'open');
  const page = new Tunnelled(socket);
  page.say({ kind: 'open', session: { id: newId(), keepForMs: 1_000, keepAfterClose: false } });
  if (first === 'opened') await page.next(first);
  return { page, socket };
}

const message: WireMessage = {
  channel: 'a/b/c/-/d/events',
  contentType: 'text/plain',
  headers: { source: 'somebody' },
  payload: text('line one\nline two'),
};

describe('the tunnel', () => {
  test.each([
    ['a page of elsewhere', { origin: 'http://evil.example' }, 403],
    ['who has no token', { token: 'wrong' }, 401],
    ['a broker that there is not', { path: '/tunnel/7' }, 404],
    ['another path', { path: '/elsewhere/0' }, 404],
  ])('is closed to %s', async (_who, how, status) => {
    await using at = await served();
    await expect(tunnelled(at, how)).rejects.toThrow(String(status));
  });

  test('carries what is published and what is subscribed, with its headers', async () => {
    await using at = await served();
    const { page: first } = await tunnelled(at);
    const { page: second } = await tunnelled(at);
    const { channel, contentType, headers } = message;
    first.say({
      kind: 'subscribe',
      call: 1,
      subscription: { id: 's', channel, retention: 'none', concurrency: 1 },
    });
    await first.next('done');
    second.say({ kind: 'publish', call: 5, channel, contentType, headers, durable: false }, message.payload);
    expect((await second.next('done')).frame).toMatchObject({ call: 5, routed: 'yes' });
    const { frame, payload } = await first.next('message');
    expect(frame).toMatchObject({ id: 's', channel, contentType, headers, redelivered: false });
    expect(payload).toBe('line one\nline two');
  });

  test('leaves to the broker what the page did not handle', async () => {
    await using at = await served();
    const { page, socket } = await tunnelled(at);
    const subscription = {
      id: 'd',
      channel: message.channel,
      retention: 'durable',
      concurrency: 1,
    } as const;
    page.say({ kind: 'subscribe', call: 1, subscription });
    await page.next('done');
    const sender = memoryTransport(at.broker);
    await sender.connect();
    await sender.publish(message);
    expect((await page.next('message')).frame.delivery).toBe(1);
    socket.terminate();
    const { page: again } = await tunnelled(at);
    again.say({ kind: 'subscribe', call: 1, subscription });
    const { frame } = await again.next('message');
    expect(frame.redelivered).toBe(true);
    again.say({ kind: 'handled', delivery: frame.delivery ?? 0, ok: true });
    await sender.close();
  });

  test('refuses to publish where nothing may be sent', async () => {
    await using at = await served(true);
    const { page } = await tunnelled(at);
    const { channel, contentType, headers } = message;
    page.say({ kind: 'publish', call: 2, channel, contentType, headers, durable: true }, message.payload);
    expect((await page.next('failed')).frame).toMatchObject({ call: 2, error: { code: 'PUBLISH_REFUSED' } });
  });

  test('takes nothing that is kept for a service where nothing may be sent', async () => {
    await using at = await served(true);
    const { page } = await tunnelled(at);
    const { channel } = message;
    const subscribe = (retention: 'durable' | 'session', call: number): void =>
      page.say({
        kind: 'subscribe',
        call,
        subscription: { id: `${call}`, channel, retention, concurrency: 1 },
      });
    subscribe('durable', 1);
    expect((await page.next('failed')).frame).toMatchObject({
      call: 1,
      error: { code: 'SUBSCRIBE_REFUSED' },
    });
    subscribe('session', 2);
    expect((await page.next('done')).frame).toMatchObject({ call: 2 });
    const listener = { address: 'a.b.c.-.d', keepForMs: 9 };
    const subscription = { id: '3', channel, retention: 'session', concurrency: 1, listener } as const;
    page.say({ kind: 'subscribe', call: 3, subscription });
    expect((await page.next('failed')).frame).toMatchObject({
      call: 3,
      error: { code: 'SUBSCRIBE_REFUSED' },
    });
  });

  test('takes of a subscription what it knows, and nothing else', async () => {
    await using at = await served();
    const { open } = at.driver;
    const seen: object[] = [];
    vi.spyOn(at.driver, 'open').mockImplementation(async (...given) => {
      const link = await open.call(at.driver, ...given);
      const subscribe = link.subscribe.bind(link);
      link.subscribe = (spec) => {
        seen.push(spec);
        return subscribe(spec);
      };
      return link;
    });
    const { page } = await tunnelled(at);
    const { channel } = message;
    const subscription = { id: 's', channel, retention: 'durable', concurrency: 1, shared: true } as const;
    page.say({ kind: 'subscribe', call: 1, subscription });
    await page.next('done');
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toHaveProperty('shared');
  });

  test('takes over no session of another program', async () => {
    await using at = await served();
    const opened: string[] = [];
    vi.spyOn(at.driver, 'open').mockImplementation(async (_events, { session }) => {
      opened.push(session.id);
      throw new Error('not now');
    });
    const { page } = await tunnelled(at, {}, 'lost');
    await page.next('lost');
    expect(opened).toEqual([expect.stringMatching(/^console-[0-9a-f-]{36}$/)]);
  });

  test.each([
    ['in order by a page that is left', (socket: WebSocket) => socket.close(1001), ['close', 'destroy']],
    [
      'in order with the console',
      (_socket: WebSocket, at: Served) => at.server[Symbol.asyncDispose](),
      ['close', 'destroy'],
    ],
    [
      'at once where it was cut, so that answers stay for the page',
      (socket: WebSocket) => socket.terminate(),
      ['destroy'],
    ],
  ])('is ended %s', async (_how, end, wanted) => {
    await using at = await served();
    const ended: string[] = [];
    const { open } = at.driver;
    const over = new Promise<void>((resolve) => {
      vi.spyOn(at.driver, 'open').mockImplementation(async (...given) => {
        const link = await open.call(at.driver, ...given);
        const [close, destroy] = [link.close.bind(link), link.destroy.bind(link)];
        link.close = () => {
          ended.push('close');
          return close();
        };
        link.destroy = () => {
          ended.push('destroy');
          destroy();
          resolve();
        };
        return link;
      });
    });
    const { socket } = await tunnelled(at);
    await end(socket, at);
    await over;
    expect(ended).toEqual(wanted);
  });

  test('ends with what is no frame', async () => {
    await using at = await served();
    const { socket } = await tunnelled(at);
    socket.send('nothing');
    await once(socket, 'close');
  });

  test('tells the page that the connection to the broker is lost, and ends', async () => {
    await using at = await served();
    const { page, socket } = await tunnelled(at);
    at.broker.sever();
    expect((await page.next('lost')).frame.error.code).toBe('CONNECTION_LOST');
    await once(socket, 'close');
  });
});
