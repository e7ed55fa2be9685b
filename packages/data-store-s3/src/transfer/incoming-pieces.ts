import type { IncomingMessage } from 'node:http';
import type { PieceReader } from './send.js';

/** As much may wait for its reader. */
const MOST_WAITING_BYTES = 256 * 1024;

type Piece = ReadableStreamReadResult<Uint8Array>;
interface Reading {
  readonly resolve: (piece: Piece) => void;
  readonly reject: (error: unknown) => void;
}

/** The body of an answer, piece by piece, for one who reads them one at a time. */
export class IncomingPieces implements PieceReader {
  readonly #incoming: IncomingMessage;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #reading: Reading | undefined;
  #isBegun = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    incoming.on('error', (error) => this.#end({ error }));
    incoming.once('end', () => this.#end());
    incoming.once('close', () => this.#end({ error: new Error('the connection ended') }));
  }

  read(): Promise<Piece> {
    const value = this.#waiting.shift();
    if (value) {
      this.#waitingBytes -= value.byteLength;
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reading = { resolve, reject };
      if (this.#isBegun) this.#incoming.resume();
      else this.#begin();
    });
  }

  async cancel(): Promise<void> {
    this.#incoming.destroy();
  }

  #begin(): void {
    this.#isBegun = true;
    this.#incoming.on('data', (piece: Buffer) => {
      // A Buffer has other methods of the same names.
      const value = new Uint8Array(piece.buffer as ArrayBuffer, piece.byteOffset, piece.byteLength);
      const reading = this.#reading;
      if (reading) {
        this.#reading = undefined;
        return reading.resolve({ done: false, value });
      }
      this.#waiting.push(value);
      this.#waitingBytes += value.byteLength;
      if (this.#waitingBytes >= MOST_WAITING_BYTES) this.#incoming.pause();
    });
  }

  #end(failure?: { readonly error: unknown }): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = failure;
    const reading = this.#reading;
    this.#reading = undefined;
    if (!reading) return;
    if (failure) reading.reject(failure.error);
    else reading.resolve({ done: true, value: undefined });
  }
}
