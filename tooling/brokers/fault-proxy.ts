import { connect, createServer, type Server, type Socket } from 'node:net';
import { Pump } from './lib/pump.js';

/** Which way bytes go: from the client to the target, back, or either. */
export type Direction = 'to-target' | 'from-target' | 'both';

/** How much is kept of what a client says first: more than a login. */
const HEAD_BYTES = 1024;

interface Connection {
  readonly incoming: Socket;
  readonly outgoing: Socket;
  readonly toTarget: Pump;
  readonly fromTarget: Pump;
  head: Buffer;
  /** Both sides end by themselves. */
  isCut: boolean;
}

/**
 * A TCP proxy on a free loopback port that makes the faults of networks: it cuts, stalls, delays, half-closes and
 * refuses, and goes on when told. Closed with `await using`.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: URL;
  readonly #connections = new Set<Connection>();
  readonly #stalled = { 'to-target': false, 'from-target': false };
  #delayMs = 0;
  #stallAfterBytes = Number.POSITIVE_INFINITY;
  #refusing = false;
  #onNone: (() => void)[] = [];
  /** How many connections came in since the start, refused ones included. */
  accepted = 0;
  /** How many bytes clients sent since the start, held back ones included. */
  bytesToTarget = 0;
  /** How many bytes the target sent since the start, held back ones included. */
  bytesFromTarget = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true }, (incoming) => this.#accept(incoming));
  }

  /** Resolves when it listens. `url` names the target's host and port. */
  static async to(url: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** The target's URL, by way of this proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** How many connections there are now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Resets every connection, or those whose client said first what `which` looks for; both sides see a failing network. */
  cut(which: (head: Buffer) => boolean = () => true): void {
    for (const connection of [...this.#connections]) {
      if (!which(connection.head)) continue;
      connection.isCut = true;
      reset(connection.incoming);
      reset(connection.outgoing);
    }
  }

  /** Ends one direction of every connection in order (FIN); the other goes on. */
  halfClose(direction: Exclude<Direction, 'both'>): void {
    for (const { toTarget, fromTarget } of this.#connections) {
      (direction === 'to-target' ? toTarget : fromTarget).end();
    }
  }

  /** Passes nothing on, on old and new connections; what comes meanwhile is held back. Nobody is told, as with a cable that was pulled. */
  stall(direction: Direction = 'both'): void {
    this.#setStalled(direction, true);
  }

  /** Ends `stall`; what was held back goes out first. */
  resume(direction: Direction = 'both'): void {
    this.#setStalled(direction, false);
  }

  /** From now on each new connection loses everything that the target sends beyond so many bytes. */
  stallAfter(bytes: number): void {
    this.#stallAfterBytes = bytes;
  }

  /** Passes everything on so much later, in order. */
  delay(ms: number): void {
    this.#delayMs = ms;
    for (const { toTarget, fromTarget } of this.#connections) {
      toTarget.delayMs = ms;
      fromTarget.delayMs = ms;
    }
  }

  /** Resets new connections at once, or no longer; old ones go on. */
  refuse(on: boolean): void {
    this.#refusing = on;
  }

  /** Says something to one side that the other did not say. */
  inject(bytes: Buffer, direction: Exclude<Direction, 'both'> = 'from-target'): void {
    for (const { incoming, outgoing } of this.#connections) {
      (direction === 'to-target' ? outgoing : incoming).write(bytes);
    }
  }

  /** Resolves when no connection is left. */
  noneLeft(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onNone.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(incoming: Socket): void {
    this.accepted++;
    incoming.on('error', () => {});
    if (this.#refusing) {
      incoming.resetAndDestroy();
      return;
    }
    const { hostname: host, port } = this.#target;
    const outgoing = connect({ host, port: Number(port), allowHalfOpen: true });
    const connection: Connection = {
      incoming,
      outgoing,
      toTarget: new Pump(incoming, outgoing, (bytes) => {
        const { head } = connection;
        if (head.length < HEAD_BYTES) connection.head = Buffer.concat([head, bytes]);
        this.bytesToTarget += bytes.length;
      }),
      fromTarget: new Pump(outgoing, incoming, (bytes) => {
        this.bytesFromTarget += bytes.length;
      }),
      head: Buffer.alloc(0),
      isCut: false,
    };
    connection.fromTarget.limitBytes = this.#stallAfterBytes;
    connection.toTarget.stalled = this.#stalled['to-target'];
    connection.fromTarget.stalled = this.#stalled['from-target'];
    connection.toTarget.delayMs = this.#delayMs;
    connection.fromTarget.delayMs = this.#delayMs;
    this.#connections.add(connection);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      socket.setNoDelay(true);
      const endOther = (): void => {
        if (!connection.isCut) other.destroy();
      };
      socket.on('error', endOther);
      socket.on('close', () => {
        endOther();
        if (socket === incoming) this.#forget(connection);
      });
    }
  }

  #forget(connection: Connection): void {
    connection.toTarget.stop();
    connection.fromTarget.stop();
    this.#connections.delete(connection);
    if (this.#connections.size === 0) for (const told of this.#onNone.splice(0)) told();
  }

  #setStalled(direction: Direction, on: boolean): void {
    for (const one of ['to-target', 'from-target'] as const) {
      if (direction !== 'both' && direction !== one) continue;
      this.#stalled[one] = on;
      for (const { toTarget, fromTarget } of this.#connections) {
        (one === 'to-target' ? toTarget : fromTarget).stalled = on;
      }
    }
  }
}

/** Node leaks the handle of a socket that is reset, or destroyed after that, while its end is still on the way out. */
function reset(socket: Socket): void {
  if (socket.connecting || socket.writableEnded || socket.writableLength > 0) socket.destroy();
  else socket.resetAndDestroy();
}
