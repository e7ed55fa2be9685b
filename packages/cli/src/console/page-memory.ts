import type { IncomingMessage, ServerResponse } from 'node:http';

/** More than the page gives. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What the page gives to be kept until it is loaded again. It is kept in memory alone, and goes with this program. */
export class PageMemory {
  #kept: Buffer = Buffer.alloc(0);

  /** Answers a GET with what was put last, and a PUT once it is kept. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'PUT') {
      response.setHeader('content-type', 'application/jsonl').end(this.#kept);
      return;
    }
    const parts: Buffer[] = [];
    let size = 0;
    try {
      for await (const part of request as AsyncIterable<Buffer>) {
        size += part.length;
        // Read to its end all the same, so that its sender gets the answer.
        if (size <= MOST_BYTES) parts.push(part);
        else parts.length = 0;
      }
    } catch {
      // The page was left while it gave it: what was given before stays.
      return;
    }
    if (size <= MOST_BYTES) this.#kept = Buffer.concat(parts);
    response.writeHead(size <= MOST_BYTES ? 204 : 413).end();
  }
}
