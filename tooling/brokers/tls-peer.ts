import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { makeAuthority } from './certificates.js';

/** One way in which TLS comes to nothing, for every transport to name. */
export interface TlsCause {
  readonly cause: string;
  /** Undefined: the peer speaks no TLS. */
  readonly server: TlsOptions | undefined;
  /** What the transport is given as `tls`. */
  readonly client: {
    readonly ca: string;
    readonly serverName: string;
    readonly cert?: string;
    readonly key?: string;
  };
  /** What the error must say, and no other cause's error. */
  readonly says: string;
}

const NAME = 'broker.test';
const PAST = { notBefore: new Date('2020-01-01'), notAfter: new Date('2020-01-02') };
const FUTURE = { notBefore: new Date('2120-01-01'), notAfter: new Date('2121-01-01') };

export async function tlsCauses(): Promise<readonly TlsCause[]> {
  const authority = await makeAuthority('authority');
  const { ca: otherCa } = await makeAuthority('another authority');
  const server = await authority.server([NAME]);
  const client = { ca: authority.ca, serverName: NAME };
  const mutual = { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true };
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  return [
    {
      cause: 'an unknown authority',
      server,
      client: { ...client, ca: otherCa },
      says: 'give that authority as tls.ca',
    },
    {
      cause: 'another name',
      server,
      client: { ...client, serverName: 'other.test' },
      says: 'made out to another name',
    },
    {
      cause: 'an expired certificate',
      server: await authority.server([NAME], PAST),
      client,
      says: 'has expired',
    },
    {
      cause: 'a certificate of the future',
      server: await authority.server([NAME], FUTURE),
      client,
      says: 'is not valid yet',
    },
    {
      cause: 'no certificate of the client, TLS 1.3',
      server: mutual,
      client,
      says: 'wants a certificate of this program; give tls.cert and tls.key',
    },
    {
      cause: 'no certificate of the client, TLS 1.2',
      server: { ...mutual, maxVersion: 'TLSv1.2' },
      client,
      says: 'refused the handshake: it wants a certificate of this program (tls.cert and tls.key)',
    },
    { cause: 'TLS 1.1', server: { ...server, ...old }, client, says: 'offers no version of TLS' },
    { cause: 'no TLS', server: undefined, client, says: 'does not speak TLS' },
    {
      cause: 'a certificate that is no PEM',
      server,
      client: { ...client, cert: 'no certificate', key: 'no key' },
      says: 'cannot be read; they must be PEM',
    },
  ];
}

/** Listens on a free loopback port; says `hello` where there is no TLS, and nothing where there is. */
export class TlsPeer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(tls: TlsOptions | undefined) {
    const accept = (socket: Socket): void => {
      this.#sockets.add(socket.on('error', () => {}));
      if (!tls) socket.write('hello');
    };
    this.#server = tls ? createTlsServer(tls, accept) : createTcpServer(accept);
    this.#server.on('tlsClientError', () => {});
  }

  static async start(tls: TlsOptions | undefined): Promise<TlsPeer> {
    const peer = new TlsPeer(tls);
    await new Promise<void>((resolve) => peer.#server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
