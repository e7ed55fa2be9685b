import type { CompiledOperation } from '../../compile/compiled.js';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';

/** The time that one request of an operation may take. */
export class TimeLimit {
  /** Aborts when the time is over, and when the service stops. */
  readonly signal: AbortSignal;
  /** Rejects with a Refusal when the time is over; never resolves. */
  readonly over: Promise<never>;
  #timer: NodeJS.Timeout | undefined;

  constructor({ fullName, timeLimitMs = 0 }: CompiledOperation, stopping: AbortSignal) {
    const aborter = new AbortController();
    this.signal = AbortSignal.any([aborter.signal, stopping]);
    this.over = new Promise<never>((_resolve, reject) => {
      this.#timer = setTimeout(() => {
        reject(new Refusal('time-limit', SENTENCES.timeLimit(fullName, timeLimitMs)));
        aborter.abort(new DOMException(`The time limit of ${timeLimitMs} ms is over`, 'TimeoutError'));
      }, timeLimitMs);
    });
    this.over.catch(() => {});
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
