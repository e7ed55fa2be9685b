/** How much is remembered of requests already taken. */
export interface AnswerMemoryLimits {
  /** May be exceeded by a tenth before the oldest are dropped. */
  readonly maxEntries: number;
  /** Of all kept answers together. */
  readonly maxBytes: number;
  readonly keepForMs: number;
}

const ANSWER_MEMORY: AnswerMemoryLimits = {
  maxEntries: 10_000,
  maxBytes: 16 * 1024 * 1024,
  keepForMs: 10 * 60_000,
};

// Dropping one at each request would cost more than all the rest of the memory: it is done for many at once.
const SWEEP_AFTER_MS = 1_000;
const SLACK = 0.1;

/** What is known of a request that came before: it is running, or answered; `forgotten` if its answer is no longer kept. */
export type Remembered<Answer> =
  | { readonly kind: 'running'; readonly answer: Promise<Answer> }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'forgotten' };

interface Entry<Answer> {
  state: Remembered<Answer>;
  bytes: number;
  answeredAt: number;
}

/**
 * Remembers requests and their answers, so that a request which comes twice runs once. Bounded by
 * count, age and bytes; where only bytes are short the answer goes and the request stays known.
 */
export class AnsweredRequests<Answer> {
  readonly #limits: AnswerMemoryLimits;
  readonly #sizeOf: (answer: Answer) => number;
  // In the order of arrival, which is near enough to the order of age.
  readonly #entries = new Map<string, Entry<Answer>>();
  #bytes = 0;
  #sweptAt = performance.now();

  constructor(sizeOf: (answer: Answer) => number, limits: Partial<AnswerMemoryLimits> = {}) {
    this.#sizeOf = sizeOf;
    this.#limits = { ...ANSWER_MEMORY, ...limits };
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string): Remembered<Answer> | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.answeredAt >= performance.now() - this.#limits.keepForMs) return entry?.state;
    this.#dropOld();
    return undefined;
  }

  /** Remembers the request from now on, and its answer once it has one. A rejection makes it unknown again. */
  run(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const answer = work();
    const entry: Entry<Answer> = {
      state: { kind: 'running', answer },
      bytes: 0,
      answeredAt: Number.POSITIVE_INFINITY,
    };
    this.#entries.set(key, entry);
    answer.then(
      (value) => this.#keep(entry, value),
      () => this.#entries.delete(key),
    );
    return answer;
  }

  #keep(entry: Entry<Answer>, answer: Answer): void {
    entry.answeredAt = performance.now();
    entry.bytes = this.#sizeOf(answer);
    entry.state = { kind: 'answered', answer };
    this.#bytes += entry.bytes;
    if (this.#bytes > this.#limits.maxBytes) this.#forgetAnswers();
    const { maxEntries } = this.#limits;
    const due = entry.answeredAt - this.#sweptAt > SWEEP_AFTER_MS;
    if (due || this.#entries.size > maxEntries + maxEntries * SLACK) this.#dropOld();
  }

  #forgetAnswers(): void {
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= this.#limits.maxBytes) return;
      if (entry.state.kind !== 'answered' || entry.bytes === 0) continue;
      this.#bytes -= entry.bytes;
      entry.bytes = 0;
      entry.state = { kind: 'forgotten' };
    }
  }

  #dropOld(): void {
    this.#sweptAt = performance.now();
    const tooOld = performance.now() - this.#limits.keepForMs;
    let surplus = this.#entries.size - this.#limits.maxEntries;
    for (const [key, entry] of this.#entries) {
      if (surplus <= 0 && entry.answeredAt >= tooOld) return;
      // What still runs must stay known, or a redelivery would run it a second time.
      if (entry.state.kind === 'running') continue;
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
      surplus -= 1;
    }
  }
}
