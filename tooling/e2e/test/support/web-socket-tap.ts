import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Final frame of bytes, two of them, masked. */
const FRAME_OF_TWO_BYTES = [0x82, 0x82] as const;
const PINGREQ = [0xc0, 0x00] as const;

/** Stands before a broker's WebSocket port and counts what clients do there. Closed with `await using`. */
export class WebSocketTap implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How many connections were made. */
  connections = 0;
  #pings = 0;
  readonly #awaited: { readonly pings: number; reached(): void }[] = [];

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      this.connections++;
      const broker = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [client, broker],
        [broker, client],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from.on('error', () => {});
        from.on('close', () => to.destroy());
      }
      client.on('data', (bytes) => this.#count(bytes));
    });
  }

  static async before(url: string): Promise<WebSocketTap> {
    const tap = new WebSocketTap(new URL(url));
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  /** Resolves when clients asked so many times whether the broker is there. */
  pinged(pings: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited.push({ pings, reached: resolve });
      this.#tell();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A client that is idle sends each ping by itself. */
  #count(bytes: Buffer): void {
    const [first, length, ...rest] = bytes;
    if (bytes.length !== 8 || first !== FRAME_OF_TWO_BYTES[0] || length !== FRAME_OF_TWO_BYTES[1]) return;
    const [mask0 = 0, mask1 = 0, , , byte0 = 0, byte1 = 0] = rest;
    if ((mask0 ^ byte0) !== PINGREQ[0] || (mask1 ^ byte1) !== PINGREQ[1]) return;
    this.#pings++;
    this.#tell();
  }

  #tell(): void {
    for (const { pings, reached } of this.#awaited) if (this.#pings >= pings) reached();
  }
}
