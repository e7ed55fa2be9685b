import type { CallName, FromWorker, Gives, Problem, Push, Takes, ToWorker } from '../worker/protocol.js';

/** A worker, as far as the page needs one. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  addEventListener(type: 'message', listener: (event: { readonly data: FromWorker }) => void): void;
}

/** What the worker could not do, as it says it. */
export class CallFailed extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CallFailed) => void;
}

/** Calls with their answers, and what the worker tells by itself. */
export class WorkerLink {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  #lastCall = 0;

  constructor(port: WorkerPort, onPush: (push: Push) => void) {
    this.#port = port;
    port.addEventListener('message', ({ data }) => {
      if (data.kind === 'gives') this.#take(data.call)?.resolve(data.value);
      else if (data.kind === 'throws') this.#take(data.call)?.reject(new CallFailed(data.problem));
      else onPush(data);
    });
  }

  /** Throws CallFailed. */
  call<Name extends CallName>(name: Name, takes: Takes<Name>): Promise<Gives<Name>> {
    return new Promise((resolve, reject) => {
      const call = ++this.#lastCall;
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#port.postMessage({ kind: 'call', call, name, takes } as ToWorker);
    });
  }

  stopWaiting(key: string): void {
    this.#port.postMessage({ kind: 'stopWaiting', key });
  }

  #take(call: number): Waiting | undefined {
    const found = this.#waiting.get(call);
    this.#waiting.delete(call);
    return found;
  }
}
