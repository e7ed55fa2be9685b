import type { Progress } from '@intersect-sdk/client';
import { newId } from '@intersect-sdk/core';
import { type Signal, signal } from '@preact/signals';
import type { Answer, Problem, RequestCall } from '../../worker/protocol.js';
import { CallFailed, type WorkerLink } from '../worker-link.js';
import { argumentText, loadSaved, type SavedRequest, storeSaved, type TextStore } from './saved-requests.js';

/** What became of the last request to an operation. */
export type Run =
  | {
      readonly kind: 'waiting';
      readonly key: string;
      readonly sentAtMs: number;
      /** What the service reported last. */
      readonly progress?: Progress | undefined;
      /** Of a stream, what came so far. */
      readonly stream?: StreamSoFar | undefined;
    }
  | { readonly kind: 'answered'; readonly sentAtMs: number; readonly answer: Answer }
  | {
      readonly kind: 'failed';
      readonly sentAtMs: number;
      readonly problem: Problem;
      /** Of a stream, what came before it failed or was cancelled. */
      readonly stream?: StreamSoFar | undefined;
    };

/** The newest items of a stream, and how many came. */
export interface StreamSoFar {
  readonly items: readonly unknown[];
  readonly count: number;
}

/** So many items are shown while more come. */
const ITEMS_SHOWN = 200;

export interface RequestStateOptions {
  readonly link: WorkerLink;
  readonly kept: TextStore;
  readonly session: TextStore;
}

type Wanted = Omit<RequestCall, 'key'>;

/** What was sent from this page, what came of it, and what is kept for another time. */
export class RequestState {
  readonly saved: Signal<readonly SavedRequest[]>;
  readonly #options: RequestStateOptions;
  readonly #runs = new Map<string, Signal<Run | undefined>>();
  readonly #sentOnce = new Set<string>();
  readonly #allowed = new Set<string>();

  constructor(options: RequestStateOptions) {
    this.#options = options;
    this.saved = signal(loadSaved(options.kept));
  }

  /** The last request to an operation since the page was opened. */
  run(address: string, operation: string): Signal<Run | undefined> {
    const key = `${address} ${operation}`;
    const found = this.#runs.get(key) ?? signal<Run | undefined>(undefined);
    this.#runs.set(key, found);
    return found;
  }

  /** Whether a person has to say first that it may be sent again: nothing says that the operation may run twice without harm. */
  needsLeave(address: string, operation: string): boolean {
    const key = `${address} ${operation}`;
    return this.#sentOnce.has(key) && !this.#allowed.has(key);
  }

  /** A person said that the operation may run as often as they like. */
  allowAgain(address: string, operation: string): void {
    this.#allowed.add(`${address} ${operation}`);
  }

  async send(wanted: Wanted): Promise<void> {
    const { address, operation } = wanted;
    const run = this.run(address, operation);
    const key = newId();
    const sentAtMs = Date.now();
    this.#sentOnce.add(`${address} ${operation}`);
    run.value = { kind: 'waiting', key, sentAtMs };
    try {
      const answer = await this.#options.link.call('request', { ...wanted, key });
      run.value = { kind: 'answered', sentAtMs, answer };
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const before = run.value;
      const stream = before.kind === 'waiting' ? before.stream : undefined;
      run.value = { kind: 'failed', sentAtMs, problem: error.problem, stream };
    }
  }

  /** A service reported how far a request is. */
  progressed(key: string, progress: Progress): void {
    for (const run of this.#runs.values()) {
      if (run.value?.kind === 'waiting' && run.value.key === key) run.value = { ...run.value, progress };
    }
  }

  /** Items of a stream came. */
  streamed(key: string, items: readonly unknown[], count: number): void {
    for (const run of this.#runs.values()) {
      if (run.value?.kind !== 'waiting' || run.value.key !== key) continue;
      const shown = [...(run.value.stream?.items ?? []), ...items].slice(-ITEMS_SHOWN);
      run.value = { ...run.value, stream: { items: shown, count } };
    }
  }

  stopWaiting(key: string): void {
    this.#options.link.stopWaiting(key);
  }

  save(name: string, { address, operation, argument }: Wanted): void {
    const request = { id: newId(), name, address, operation, argument: argumentText(argument) };
    this.#store([...this.saved.value, request]);
  }

  remove(id: string): void {
    this.#store(this.saved.value.filter((each) => each.id !== id));
  }

  /** What was typed and not sent yet, as JSON, so that loading the page again loses nothing. */
  draft(address: string, operation: string): string | undefined {
    return this.#options.session.getItem(draftKey(address, operation)) ?? undefined;
  }

  keepDraft(address: string, operation: string, argument: unknown): void {
    const text = argumentText(argument);
    try {
      if (text !== undefined) this.#options.session.setItem(draftKey(address, operation), text);
    } catch {
      // The browser's storage is full or forbidden: then it is not restored.
    }
  }

  #store(saved: readonly SavedRequest[]): void {
    storeSaved(this.#options.kept, saved);
    this.saved.value = saved;
  }
}

function draftKey(address: string, operation: string): string {
  return `intersect-console-draft ${address} ${operation}`;
}
