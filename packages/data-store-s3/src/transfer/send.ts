import type { StallWatch } from './stall-watch.js';

/** What gives pieces one after the other; the reader of a `ReadableStream` does. */
export interface PieceReader {
  read(): Promise<ReadableStreamReadResult<Uint8Array>>;
  cancel(reason?: unknown): Promise<void>;
}

/** What goes out, with all headers that it needs. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Pieces only where `canSendPieces` says so. */
  readonly body?: Uint8Array<ArrayBuffer> | string | PieceReader | undefined;
}

/** What a store answers. A `Response` is one. */
export interface StoreAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  /** Nothing of it is read before it is asked for. */
  readonly body: { getReader(): PieceReader } | null;
}

/** Sends a request, and follows no redirect. Rejects with what broke the connection. Ends when the watch says so, which is told of each step. */
export type Send = (request: SignedRequest, watch: StallWatch) => Promise<StoreAnswer>;
