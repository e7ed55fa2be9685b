import { isIntersectError } from '@intersect-sdk/core';
import { readRecord, recordLine } from '../state/timeline/record.js';
import { Timeline } from '../state/timeline/timeline.js';
import { KeptTimeline } from './kept-timeline.js';
import { Laboratory } from './laboratory.js';
import type { CallName, FromWorker, Gives, Problem, Takes, TimelineView, ToWorker } from './protocol.js';
import { Sampler } from './sampler.js';

export type Post = (message: FromWorker, transfer?: Transferable[]) => void;

/** How often the page is told what is new: often enough for an eye, seldom enough for a busy laboratory. */
const PUSH_EVERY_MS = 200;

type Calls = { readonly [Name in CallName]: (takes: Takes<Name>) => Gives<Name> | Promise<Gives<Name>> };

/** Everything that the page does not do itself: the client, and what is kept of what passed. */
export class ConsoleWorker {
  readonly #post: Post;
  readonly #timeline = new Timeline();
  readonly #sampler = new Sampler();
  readonly #laboratory: Laboratory;
  readonly #kept = new KeptTimeline({ messages: () => this.#timeline.messages() });
  #keptRevision = 0;
  #view: TimelineView | undefined;
  #shownRevision = -1;
  #pushing: ReturnType<typeof setTimeout> | undefined;

  constructor(post: Post) {
    this.#post = post;
    this.#laboratory = new Laboratory({
      timeline: this.#timeline,
      sampler: this.#sampler,
      changed: () => this.#pushSoon(),
    });
  }

  receive(message: ToWorker): void {
    if (message.kind === 'stopWaiting') this.#laboratory.stopWaiting(message.key);
    else void this.#answer(message);
  }

  async #answer({ call, name, takes }: ToWorker & { kind: 'call' }): Promise<void> {
    try {
      const value = await (this.#calls[name] as (given: unknown) => unknown)(takes);
      this.#post({ kind: 'gives', call, value });
    } catch (error) {
      this.#post({ kind: 'throws', call, problem: problemOf(error) });
    }
  }

  readonly #calls: Calls = {
    connect: async (how) => {
      for (const message of await this.#kept.restore(how)) this.#timeline.add(message);
      return this.#laboratory.connect(how);
    },
    describe: ({ address }) => this.#laboratory.describe(address),
    statuses: ({ address }) => this.#laboratory.statusesOf(address),
    request: (request) => this.#laboratory.request(request),
    watchTimeline: (view) => {
      this.#view = view;
      this.#shownRevision = -1;
      // A person waits for it.
      this.#push();
      return undefined;
    },
    entry: ({ id }) => this.#timeline.entry(id),
    exportTimeline: () =>
      this.#timeline
        .messages()
        .map((each) => `${recordLine(each)}\n`)
        .join(''),
    importTimeline: ({ text }) => {
      const { messages, wrongLines } = readRecord(text);
      for (const message of messages) this.#timeline.add(message);
      this.#pushSoon();
      return { messages: messages.length, wrongLines };
    },
    clearTimeline: () => {
      this.#timeline.clear();
      this.#pushSoon();
      return undefined;
    },
    plot: ({ series }) => {
      this.#sampler.watch(series);
      this.#pushSoon();
      return undefined;
    },
    plottable: () => this.#sampler.plottable(),
  };

  #pushSoon(): void {
    this.#pushing ??= setTimeout(() => {
      this.#pushing = undefined;
      this.#push();
    }, PUSH_EVERY_MS);
  }

  #push(): void {
    for (const push of this.#laboratory.takeNews()) this.#post(push);
    for (const { push, transfer } of this.#sampler.takeNews()) this.#post(push, transfer);
    if (this.#keptRevision !== this.#timeline.revision) {
      this.#keptRevision = this.#timeline.revision;
      this.#kept.changed();
    }
    const view = this.#view;
    if (!view || view.paused || this.#shownRevision === this.#timeline.revision) return;
    this.#shownRevision = this.#timeline.revision;
    const found = this.#timeline.find(view.filter, view.limit);
    this.#post({ kind: 'timeline', found, dropped: this.#laboratory.dropped });
  }
}

function problemOf(error: unknown): Problem {
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (!isIntersectError(error))
    return { code: 'UNEXPECTED', message, issues: [], mayHaveRun: true, retryable: false };
  const { issues } = error as { readonly issues?: Problem['issues'] };
  return {
    code: error.code,
    message,
    issues: issues ?? [],
    mayHaveRun: error.mayHaveRun,
    retryable: error.retryable,
  };
}
