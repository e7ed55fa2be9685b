import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly incoming: Socket;
  readonly outgoing: Socket;
  /** Which transport it belongs to. */
  tag: number | undefined;
}

/** A TCP relay on a free loopback port that can cut connections, refuse new ones, and fall silent. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<Pair>();
  #refusing = false;
  #silent = false;
  #onNone: (() => void)[] = [];
  /** How many connections came in since the start. */
  accepted = 0;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true }, (incoming) => this.#relay(incoming));
  }

  static async to(url: string): Promise<Relay> {
    const { hostname, port } = new URL(url);
    const relay = new Relay({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Resets the connections with this tag, or all, as a failing network does. */
  cut(tag?: number): void {
    for (const pair of this.#pairs) {
      if (tag !== undefined && pair.tag !== tag) continue;
      pair.incoming.resetAndDestroy();
      pair.outgoing.resetAndDestroy();
    }
  }

  refuse(on: boolean): void {
    this.#refusing = on;
  }

  /** True: nothing passes any more, in either direction; the connections stay. */
  silence(on: boolean): void {
    this.#silent = on;
  }

  /** Resolves when no connection is left. */
  noneLeft(): Promise<void> {
    if (this.#pairs.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onNone.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(incoming: Socket): void {
    this.accepted++;
    if (this.#refusing) {
      incoming.resetAndDestroy();
      return;
    }
    const pair: Pair = { incoming, outgoing: connect(this.#target), tag: undefined };
    this.#pairs.add(pair);
    incoming.once('data', (bytes) => {
      pair.tag = tagOf(bytes);
    });
    this.#pipe(pair, incoming, pair.outgoing);
    this.#pipe(pair, pair.outgoing, incoming);
  }

  #pipe(pair: Pair, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      if (!this.#silent) to.write(bytes);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.destroy();
      this.#pairs.delete(pair);
      if (this.#pairs.size === 0) for (const told of this.#onNone.splice(0)) told();
    });
  }
}

/**
 * The tag in what a connection says first: the query of a WebSocket's URL, or the keep-alive time of a
 * CONNECT packet. Client ids won't do: two transports share one when the second takes over a session.
 */
function tagOf(bytes: Buffer): number {
  const query = /^GET \S*\?(\d+)/.exec(bytes.toString('latin1'))?.[1];
  if (query !== undefined) return Number(query);
  let at = 1;
  while ((bytes[at] ?? 0) >= 0x80) at++;
  const [length, name, version, flags] = [1, 6, 1, 1];
  return bytes.readUInt16BE(at + length + name + version + flags);
}
