import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** Something on a free loopback port that isn't a broker. */
export class FakePeer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Bytes that came in on all connections. */
  received = '';
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(onConnection: (socket: Socket) => void, tls?: TlsOptions): Promise<FakePeer> {
    const onSocket = (socket: Socket): void => {
      peer.connections++;
      peer.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => peer.#sockets.delete(socket));
      socket.on('data', (bytes) => {
        peer.received += bytes.toString('latin1');
      });
      onConnection(socket);
    };
    const peer = new FakePeer(tls ? createTlsServer(tls, onSocket) : createServer(onSocket));
    await new Promise<void>((resolve) => peer.#server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  /** How many connections are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A loopback port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const peer = await FakePeer.start(() => {});
  const { port } = peer;
  await peer[Symbol.asyncDispose]();
  return port;
}
