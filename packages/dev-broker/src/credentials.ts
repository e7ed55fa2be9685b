import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, so that an answer's delay tells nothing about the password. */
export class Credentials {
  readonly #username: Buffer;
  readonly #password: Buffer;

  constructor(username: string, password: string) {
    this.#username = digest(username);
    this.#password = digest(password);
  }

  accepts(username: string | undefined, password: Uint8Array | undefined): boolean {
    const nameFits = timingSafeEqual(digest(username ?? ''), this.#username);
    const passwordFits = timingSafeEqual(digest(password ?? ''), this.#password);
    return nameFits && passwordFits;
  }
}
