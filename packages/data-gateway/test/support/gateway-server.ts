import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestListener } from '@remix-run/node-fetch-server';
import type { DataGateway } from '../../src/index.js';

/** A gateway behind node:http, on loopback. Closed with `await using`. */
export class GatewayServer implements AsyncDisposable {
  readonly gateway: DataGateway;
  readonly #server: Server;

  private constructor(gateway: DataGateway) {
    this.gateway = gateway;
    // A stream that was cut on purpose is no news.
    const onError = (): void => {};
    this.#server = createServer(createRequestListener((request) => gateway(request), { onError }));
  }

  static async start(gateway: DataGateway): Promise<GatewayServer> {
    const server = new GatewayServer(gateway);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/data`;
  }

  /** As if its machine had gone. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
