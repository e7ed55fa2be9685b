import { decodePayload } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, within } from '@intersect-sdk/core/internal';
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

  /** Each capability's status as it goes on the wire, `null` where its function failed. */
  async read(): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      this.#statuses.map(async (status) => [status.capability, await this.#readOne(status)] as const),
    );
    return Object.fromEntries(entries);
  }

  async #readOne(status: CompiledStatus): Promise<unknown> {
    const { capability, payload } = status;
    try {
      const value = await within((async () => status.read())(), STATUS_TIME_LIMIT_MS, lateError);
      const bytes = encodeValue(value, payload, `The status of ${capability} does not fit its declaration`);
      this.#failing.delete(capability);
      return decodePayload(bytes, DEFAULT_CONTENT_TYPE);
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
