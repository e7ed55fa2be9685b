import type { Issue } from '@intersect-sdk/core';
import type { DataHandler } from './declaration.js';
import type { Slots } from './slots.js';

/** The outcome of checking a value: the value to use, with defaults filled in where that was asked for, or every problem. */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export type ValueCheck = (value: unknown) => Checked;

/** A request, response, event or status payload, ready to be checked and carried. */
export interface CompiledPayload {
  readonly contentType: string;
  readonly check: ValueCheck;
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
  readonly answerDataHandler: DataHandler;
  readonly ignoreKeys: readonly string[];
  /** The operation's own limit, if it has one. */
  readonly slots: Slots | undefined;
  readonly timeLimitMs: number | undefined;
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
