// The broker of this example: hands each message to the subscriptions that match it, and keeps nothing.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { channelMatches } from '@intersect-sdk/core';
import { PacketReader, packet } from './hub-transport.js';

/** How many messages may wait for one subscription before its program is too slow to be kept. */
const MAX_BACKLOG = 10_000;

interface HubSubscription {
  readonly pattern: string;
  readonly concurrency: number;
  atWork: number;
  readonly backlog: Buffer[];
}

interface Peer {
  readonly socket: Socket;
  /** Empty until it has said who it is. */
  name: string;
  readonly subscriptions: Map<string, HubSubscription>;
}

export class HubServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #password: string;
  readonly #peers = new Set<Peer>();
  #refusing = false;

  private constructor(password: string) {
    this.#password = password;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Listens on the loopback interface only. Port 0 is any that is free. */
  static async start({
    port,
    password,
  }: {
    readonly port: number;
    readonly password: string;
  }): Promise<HubServer> {
    const hub = new HubServer(password);
    hub.#server.listen(port, '127.0.0.1');
    await once(hub.#server, 'listening');
    return hub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts the connections of this name, or all, as a failing network does. */
  sever(name?: string): void {
    for (const peer of this.#peers)
      if (name === undefined || peer.name === name) peer.socket.resetAndDestroy();
  }

  /** From now on new connections are refused, or taken again; those that exist stay. */
  refuse(on: boolean): void {
    this.#refusing = on;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.sever();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    if (this.#refusing) {
      socket.resetAndDestroy();
      return;
    }
    const peer: Peer = { socket, name: '', subscriptions: new Map() };
    const packets = new PacketReader();
    this.#peers.add(peer);
    socket.on('data', (bytes) => {
      try {
        for (const { words, content } of packets.read(bytes)) this.#hear(peer, words, content);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#peers.delete(peer));
  }

  #hear(peer: Peer, [verb, first = '', second, third = '']: readonly string[], content: Buffer): void {
    const { socket, subscriptions } = peer;
    if (verb === 'hello' && content.toString() === this.#password) {
      peer.name = first;
      socket.write(packet('yes'));
    } else if (peer.name === '') {
      socket.end(packet('no'));
    } else if (verb === 'publish') {
      socket.write(packet(`yes ${this.#route(first, content)}`));
    } else if (verb === 'subscribe') {
      subscriptions.set(first, { pattern: third, concurrency: Number(second), atWork: 0, backlog: [] });
      socket.write(packet('yes'));
    } else if (verb === 'unsubscribe') {
      subscriptions.delete(first);
      socket.write(packet('yes'));
    } else if (verb === 'handled') {
      const subscription = subscriptions.get(first);
      if (subscription) subscription.atWork--;
      if (subscription) this.#handOver(peer, subscription);
    } else {
      throw new Error('A verb that no hub knows.');
    }
  }

  /** Gives the message to everyone who wants it; tells how many they are. */
  #route(channel: string, frame: Buffer): number {
    let receivers = 0;
    for (const peer of this.#peers) {
      for (const [id, subscription] of peer.subscriptions) {
        if (!channelMatches(subscription.pattern, channel)) continue;
        receivers++;
        subscription.backlog.push(packet(`message ${id} ${channel}`, frame));
        this.#handOver(peer, subscription);
      }
    }
    return receivers;
  }

  #handOver({ socket }: Peer, subscription: HubSubscription): void {
    const { backlog, concurrency } = subscription;
    if (backlog.length > MAX_BACKLOG) socket.resetAndDestroy();
    for (const next of backlog.splice(0, concurrency - subscription.atWork)) {
      subscription.atWork++;
      socket.write(next);
    }
  }
}
