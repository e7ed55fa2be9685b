import type { IntersectError, Logger } from '@intersect-sdk/core';

/** Something that did not reach anyone, or was refused: told so that nothing is lost in silence. Never holds a payload. */
export interface Report {
  readonly kind: /** A message came in that breaks the protocol. */
    | 'message-refused'
    /** A response that nobody waits for: late, doubled, or not from the one that was asked. */
    | 'response-refused'
    /** A message that a conversation sent got no answer or an error, and no callback takes that. */
    | 'request-failed'
    /** An event was thrown away because its listener is too slow. */
    | 'event-dropped'
    /** A listener or callback of the program threw. */
    | 'handler-failed'
    /** A message of the program was not accepted by a broker. */
    | 'publish-failed'
    /** A broker can't be used, or a subscription on it ended. */
    | 'broker-failed';
  readonly channel?: string | undefined;
  /** The broker's transport, by name. */
  readonly broker?: string | undefined;
  readonly error: IntersectError | Error;
}

export type Reporter = (report: Report) => void;

/** Tells each report to the listener and to the log. A listener that throws harms nobody. */
export function createReporter(logger: Logger, listener: Reporter | undefined): Reporter {
  return (report) => {
    const { error, ...fields } = report;
    logger.warn(
      { ...fields, code: (error as Partial<IntersectError>).code, reason: error.message },
      report.kind,
    );
    try {
      listener?.(report);
    } catch (thrown) {
      logger.error({ error: thrown }, 'the report listener threw');
    }
  };
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
