import { nextTurn } from '@intersect-sdk/core/internal';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';

interface StartOptions {
  readonly operation: string;
  /** Makes sure that the request is not run again by the next process; never rejects. */
  readonly remember: () => Promise<void>;
  /** Whether the service no longer waits for any handler. */
  readonly isStopping: () => boolean;
}

/** The beginning of one request that is acknowledged when its handler begins, and not when its answer is out. */
export class Start {
  /** Resolves when the request may be acknowledged. Never does, where it is refused before. */
  readonly begun: Promise<void>;
  /** Rejects with a Refusal when the service can't wait for the handler any more. */
  readonly over: Promise<never>;
  readonly #operation: string;
  readonly #remember: () => Promise<void>;
  readonly #isStopping: () => boolean;
  /** Nothing brings the request back, or soon nothing does. */
  #isBeginning = false;
  #hasBegun = false;
  #setBegun!: () => void;
  #giveUp!: (refusal: Refusal) => void;

  constructor({ operation, remember, isStopping }: StartOptions) {
    this.#operation = operation;
    this.#remember = remember;
    this.#isStopping = isStopping;
    this.begun = new Promise((resolve) => {
      this.#setBegun = resolve;
    });
    this.over = new Promise((_resolve, reject) => {
      this.#giveUp = reject;
    });
    this.over.catch(() => {});
  }

  /**
   * Resolves when the acknowledgement is on its way: a handler that holds the process up does not hold that up. Throws a Refusal where the
   * service has given up on its handlers by now: nobody would be told what becomes of one that begins then.
   */
  async begin(): Promise<void> {
    this.#throwIfStopping();
    this.#isBeginning = true;
    await this.#remember();
    this.#throwIfStopping();
    this.#hasBegun = true;
    this.#setBegun();
    // The transport is told in this turn, and writes at the end of it or of the next.
    await nextTurn();
    await nextTurn();
  }

  #throwIfStopping(): void {
    if (this.#isStopping()) throw new Refusal('stopping', SENTENCES.stopping(this.#operation));
  }

  /** Answers its asker that the service is stopping. Says whether there was a handler at work, or about to begin. */
  giveUp(): boolean {
    if (this.#hasBegun) this.#giveUp(new Refusal('stopping', SENTENCES.stopping(this.#operation)));
    return this.#isBeginning;
  }
}

/** The requests under way that are acknowledged when their handlers begin. */
export class Starts {
  readonly #underWay = new Map<string, Start>();
  #hasGivenUp = false;

  get(key: string): Start | undefined {
    return this.#underWay.get(key);
  }

  begin(key: string, options: Omit<StartOptions, 'isStopping'>): Start {
    const start = new Start({ ...options, isStopping: () => this.#hasGivenUp });
    this.#underWay.set(key, start);
    return start;
  }

  ended(key: string): void {
    this.#underWay.delete(key);
  }

  /** Nothing brings these back. Says whether there was one at work. */
  giveUpAll(): boolean {
    this.#hasGivenUp = true;
    return [...this.#underWay.values()].map((start) => start.giveUp()).includes(true);
  }

  resume(): void {
    this.#hasGivenUp = false;
  }
}
