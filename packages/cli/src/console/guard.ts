import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who may ask: pages of this server's own address, and of them those that know the token. */
export class Guard {
  readonly token = randomBytes(24).toString('base64url');
  #hosts: ReadonlySet<string> = new Set();

  /** Called once the port is known. */
  listensAt(port: number): void {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  }

  /**
   * Whether the request was made to one of this server's own names, and by one of its own pages if by any. The name of another host that was
   * led to this address by its name server is none, so that no page of elsewhere reads anything here.
   */
  isOurs({ host, origin }: IncomingHttpHeaders): boolean {
    if (host === undefined || !this.#hosts.has(host)) return false;
    return origin === undefined || origin === `http://${host}`;
  }

  /** A WebSocket is opened by pages alone, and any page of the web may try. */
  isOurPage(headers: IncomingHttpHeaders): boolean {
    return headers.origin !== undefined && this.isOurs(headers);
  }

  hasToken(given: string | undefined): boolean {
    const [wanted, seen] = [Buffer.from(this.token), Buffer.from(given ?? '')];
    return wanted.length === seen.length && timingSafeEqual(wanted, seen);
  }
}
