import type { DataHandler } from '@intersect-sdk/core';
import type { Check } from '@intersect-sdk/schema';
import type { Semaphore } from '../serve/limits/semaphore.js';

/** A request, response, event or status payload, ready to be checked and carried. */
export interface CompiledPayload {
  readonly contentType: string;
  readonly check: Check;
  /** Used for a request without a body. A function, so that no handler changes the next one's default. */
  readonly makeDefault: (() => unknown) | undefined;
}

/** An operation with everything that is needed to run it. */
export interface CompiledOperation {
  readonly capability: string;
  /** `<capability>.<operation>`. */
  readonly fullName: string;
  /** Undefined: it takes nothing. */
  readonly argument: CompiledPayload | undefined;
  /** Undefined: the answer is `null`. */
  readonly answer: CompiledPayload | undefined;
  /** One item of the answer, where it is a stream. */
  readonly item: CompiledPayload | undefined;
  readonly answerDataHandler: DataHandler;
  /** Whether an answer that comes piece by piece goes through a data store where there is one. */
  readonly storesStreams: boolean;
  readonly ignoreKeys: readonly string[];
  /** Nothing that its service does can keep it waiting. */
  readonly isStatus: boolean;
  /** The limit that it shares with the other operations of its capability, unless it may overlap with them. */
  readonly shared: Semaphore | undefined;
  /** The operation's own limit, if it has one. */
  readonly slots: Semaphore | undefined;
  readonly timeLimitMs: number | undefined;
  /** Whether it is given its argument as a stream. */
  readonly takesStream: boolean;
  readonly run: (argument: unknown, context: unknown) => unknown;
}

export interface CompiledEvent {
  readonly payload: CompiledPayload;
  readonly dataHandler: DataHandler;
}

export interface CompiledStatus {
  readonly capability: string;
  readonly payload: CompiledPayload;
  readonly read: () => unknown;
}

export interface CompiledCapability {
  readonly name: string;
  readonly operations: readonly CompiledOperation[];
  readonly events: ReadonlyMap<string, CompiledEvent>;
  readonly status: CompiledStatus | undefined;
}
