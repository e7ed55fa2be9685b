import { connect, createServer, type Server, type Socket } from 'node:net';

/** How much is kept of what a client says: more than a login. */
const HEAD_BYTES = 1024;

/** A TCP relay on a free loopback port that can cut its connections and refuse or swallow new ones. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #incoming = new Set<Socket>();
  readonly #outgoing = new Set<Socket>();
  /** What each client said at the beginning. */
  readonly #heads = new Map<Socket, string>();
  #refusing = false;
  #stallAfterBytes = Number.POSITIVE_INFINITY;
  #onNone: (() => void)[] = [];
  /** How many connections came in since the start. */
  accepted = 0;
  /** How many bytes went to the target since the start. */
  bytesToTarget = 0;
  /** How many bytes the target answered since the start. */
  bytesFromTarget = 0;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((incoming) => this.#relay(incoming));
  }

  static async to(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Resets every connection, or those whose client said this at the beginning, as a failing network does. */
  cut(said = ''): void {
    for (const [socket, head] of this.#heads) if (head.includes(said)) socket.resetAndDestroy();
  }

  refuse(on: boolean): void {
    this.#refusing = on;
  }

  /** Holds back what the target answers; the connections stay. */
  stall(): void {
    for (const socket of this.#outgoing) socket.pause();
  }

  /** From now on each new connection stalls when the target has answered so many bytes. */
  stallAfter(bytes: number): void {
    this.#stallAfterBytes = bytes;
  }

  /** Says something to the clients that the target did not say. */
  inject(bytes: Buffer): void {
    for (const socket of this.#incoming) socket.write(bytes);
  }

  /** Resolves when the clients have closed all their connections. */
  noneLeft(): Promise<void> {
    if (this.#incoming.size === 0) return Promise.resolve();
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
    const outgoing = connect(this.#target);
    let answered = 0;
    const stallAfterBytes = this.#stallAfterBytes;
    this.#heads.set(incoming, '');
    incoming.on('close', () => this.#heads.delete(incoming));
    incoming.on('data', (bytes) => {
      const head = this.#heads.get(incoming) ?? '';
      if (head.length < HEAD_BYTES) this.#heads.set(incoming, head + bytes.toString('latin1'));
      this.bytesToTarget += bytes.length;
      outgoing.write(bytes);
    });
    outgoing.on('data', (bytes) => {
      const passed = bytes.subarray(0, Math.max(0, stallAfterBytes - answered));
      answered += bytes.length;
      this.bytesFromTarget += bytes.length;
      if (passed.length > 0) incoming.write(passed);
    });
    this.#couple(incoming, outgoing, this.#incoming);
    this.#couple(outgoing, incoming, this.#outgoing);
  }

  #couple(from: Socket, to: Socket, kept: Set<Socket>): void {
    kept.add(from);
    from.setNoDelay(true);
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      kept.delete(from);
      to.destroy();
      if (this.#incoming.size === 0) for (const told of this.#onNone.splice(0)) told();
    });
  }
}
