import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** Nothing but the page's own scripts and sockets, no code made from text, and no workers. */
export const POLICY_WITHOUT_WORKERS =
  "default-src 'none'; script-src 'self'; connect-src 'self' ws://127.0.0.1:*";
/** The same, with the workers that the SDK makes. */
const POLICY = `${POLICY_WITHOUT_WORKERS}; worker-src blob:`;

export interface PageFiles {
  readonly scripts: readonly { readonly path: string; readonly contents: Uint8Array }[];
  /** What the page gets from `/settings`. */
  readonly settings: unknown;
  /** The page's Content-Security-Policy. Default: a strict one that lets it make workers from blobs. */
  readonly policy?: string | undefined;
  /** When the page gets an answer from `/enough`. Default: at once. */
  readonly enough?: Promise<void> | undefined;
}

/** Serves one page on loopback, with a strict Content-Security-Policy, and takes what the page posts to `/told`. */
export class PageServer implements AsyncDisposable {
  readonly #server: Server;
  /** Resolves with what the page told. */
  readonly told: Promise<unknown>;

  private constructor({ scripts, settings, policy = POLICY, enough }: PageFiles) {
    let tell: (what: unknown) => void = () => {};
    this.told = new Promise((resolve) => {
      tell = resolve;
    });
    this.#server = createServer(async (request, response) => {
      const { url = '/' } = request;
      // A sandboxed page has an origin of its own.
      response.setHeader('access-control-allow-origin', '*');
      const script = scripts.find(({ path }) => path.endsWith(url));
      if (url === '/settings') response.end(JSON.stringify(settings));
      else if (url === '/enough') {
        await enough;
        response.end();
      } else if (url === '/told') {
        tell(JSON.parse(await text(request)));
        response.end();
      } else if (url === '/') {
        response.setHeader('content-security-policy', policy);
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><script type="module" src="/stdin.js"></script>');
      } else if (script) {
        response.setHeader('content-type', 'text/javascript');
        response.end(script.contents);
      } else response.writeHead(404).end();
    });
  }

  static async start(files: PageFiles): Promise<PageServer> {
    const server = new PageServer(files);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
