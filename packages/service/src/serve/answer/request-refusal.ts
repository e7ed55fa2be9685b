import type { RefusalReason } from '../request/request-reasons.js';

/** Ends the handling of a request with an error for the caller. Its message is the sentence that the caller gets. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  /** `cause` stays in this process: it goes to the report and never to the caller. */
  constructor(reason: RefusalReason, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.reason = reason;
  }
}
