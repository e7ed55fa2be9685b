import { decodePayload } from '@intersect-sdk/core';
import { asGiven, DEFAULT_CONTENT_TYPE, nextTurn, within } from '@intersect-sdk/core/internal';
import type { Reporter } from '@intersect-sdk/messaging';
import type { CompiledStatus } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';

/** How long a status function may take before `null` is sent in its place. */
const STATUS_TIME_LIMIT_MS = 10_000;

/** The status functions of a service. */
export class StatusReader {
  readonly #statuses: readonly CompiledStatus[];
  readonly #report: Reporter;
  readonly #failing = new Set<string>();

  constructor(statuses: readonly CompiledStatus[], report: Reporter) {
    this.#statuses = statuses;
    this.#report = report;
  }

  /** Capabilities whose status function failed when it was read last. */
  get failing(): readonly string[] {
    return [...this.#failing];
  }

  /** Each capability's status as it goes on the wire, with all digits of its whole numbers; `null` where its function failed. */
  async read(): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      this.#statuses.map(async (status) => [status.capability, await this.#readOne(status)] as const),
    );
    return Object.fromEntries(entries);
  }

  async #readOne({ capability, payload, read }: CompiledStatus): Promise<unknown> {
    const encode = (value: unknown): Uint8Array =>
      encodeValue(value, payload, `The status of ${capability} does not fit its declaration`);
    try {
      await nextTurn();
      const bytes = asGiven(read(), encode);
      const known = bytes instanceof Promise ? await within(bytes, STATUS_TIME_LIMIT_MS, lateError) : bytes;
      this.#failing.delete(capability);
      return decodePayload(known, DEFAULT_CONTENT_TYPE, { integers: 'bigint' });
    } catch (error) {
      this.#failing.add(capability);
      this.#report({ kind: 'status-failed', capability, error });
      return null;
    }
  }
}

function lateError(): Error {
  return new Error(`The status function did not end within ${STATUS_TIME_LIMIT_MS} ms`);
}
