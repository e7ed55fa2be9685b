import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';

export interface ConnectProxyOptions {
  /** What it answers instead of connecting; undefined: it connects. */
  readonly answer?: ((request: IncomingMessage, socket: Duplex) => void) | undefined;
  /** The port that it connects to instead of the one that it is asked for. */
  readonly to?: number | undefined;
  /** It is reached over TLS with these certificates. */
  readonly tls?: TlsOptions | undefined;
}

/** An HTTP proxy that knows CONNECT only. */
export class ConnectProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: (() => void)[] = [];
  /** What it was asked to connect to, in order. */
  readonly targets: (string | undefined)[] = [];
  readonly authorizations: (string | undefined)[] = [];

  private constructor({ answer, to, tls }: ConnectProxyOptions) {
    this.#server = tls ? createHttpsServer(tls) : createServer();
    this.#server.on('tlsClientError', () => {});
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('connect', (request, socket) => {
      this.targets.push(request.url);
      this.authorizations.push(request.headers['proxy-authorization']);
      this.#changed();
      if (answer) {
        socket.on('end', () => socket.end()).resume();
        answer(request, socket);
        return;
      }
      const { hostname, port } = new URL(`http://${request.url}`);
      const onward = connect(to ?? Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      this.#keep(onward);
      onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
      onward.on('close', () => socket.destroy());
      socket.on('close', () => onward.destroy());
    });
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** A proxy that answers every request with this status. */
  static saying(status: string): Promise<ConnectProxy> {
    return ConnectProxy.start({
      answer: (_request, socket) => socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`),
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How many sockets are open, to clients and to brokers. */
  get open(): number {
    return this.#sockets.size;
  }

  async untilAsked(): Promise<void> {
    while (this.targets.length === 0) await this.#change();
  }

  async untilAllClosed(): Promise<void> {
    while (this.open > 0) await this.#change();
  }

  /** Ends every connection, as a proxy that is started again does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
