import { newId } from '@intersect-sdk/core';
import { DeadlineTimer } from '@intersect-sdk/core/internal';
import { Refusal } from './refusal.js';
import { Upload, type UploadRules } from './upload.js';

/** The uploads in parts that are open. One that waits too long for its next part is given up. */
export class Uploads {
  readonly #open = new Map<string, Upload>();
  readonly #deadlines = new DeadlineTimer<Upload>(
    () => this.#open.values(),
    (late) => this.#giveUp(late, 'its next part did not come in time'),
  );
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Gives the id by which the page names it. */
  begin(rules: Omit<UploadRules, 'onWaiting'>): string {
    if (this.#open.size >= this.#max) {
      throw new Refusal(503, 'DATA_STORE_AWAY', 'Too many uploads are open at the data gateway. Try again.');
    }
    const id = newId();
    const upload = new Upload({ ...rules, onWaiting: () => this.#deadlines.watch(upload) });
    this.#open.set(id, upload);
    this.#deadlines.watch(upload);
    return id;
  }

  /** Works on an upload. It is forgotten when it has ended. Throws a Refusal for one that is not open. */
  async with<T>(id: string, work: (upload: Upload) => Promise<T>): Promise<T> {
    const upload = this.#open.get(id);
    if (!upload) {
      const text = 'The data gateway has no such upload: it has ended, or waited too long for its next part.';
      throw new Refusal(404, 'DATA_STORE_AWAY', text);
    }
    try {
      return await work(upload);
    } finally {
      if (upload.hasEnded) this.#forget(upload);
    }
  }

  /** Gives up all of them. Resolves when no store works on one any more. */
  async close(): Promise<void> {
    const open = [...this.#open.values()];
    for (const upload of open) this.#giveUp(upload, 'the data gateway was closed');
    await Promise.all(open.map(({ settled }) => settled));
  }

  #giveUp(upload: Upload, why: string): void {
    upload.giveUp(new Error(`The upload was given up: ${why}.`));
    this.#forget(upload);
  }

  #forget(upload: Upload): void {
    for (const [id, each] of this.#open) if (each === upload) this.#open.delete(id);
    if (this.#open.size === 0) this.#deadlines.stop();
  }
}
