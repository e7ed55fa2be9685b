import { readServiceSchema, type ServiceDescription } from '@intersect-sdk/schema/document';
import { batch, computed, type Signal, signal } from '@preact/signals';
import type { ConsoleSettings } from '../tunnel/index.js';
import type { BrokerState, Gap, ListedService, Problem, Push } from '../worker/protocol.js';
import { PlotState } from './plots/plot-state.js';
import { RequestState } from './requests/request-state.js';
import type { TextStore } from './requests/saved-requests.js';
import { linkTo, type Route, routeOf } from './route.js';
import { type ServiceMap, withChanges } from './services.js';
import type { Found } from './timeline/entry.js';
import type { EntryFilter } from './timeline/entry-filter.js';
import { CallFailed, WorkerLink, type WorkerPort } from './worker-link.js';

/** What the page has of the browser, so that its state can be tested without one. */
export interface Surroundings {
  readonly worker: WorkerPort;
  /** Of the page's own address, with ws. */
  readonly base: string;
  readonly token: string;
  readonly settings: ConsoleSettings;
  /** What stays when the browser is closed, and what stays when the page is loaded again. */
  readonly kept: TextStore;
  readonly session: TextStore;
  readonly fragment: () => string;
  readonly go: (fragment: string) => void;
}

export type Phase =
  | { readonly kind: 'login'; readonly refused?: string }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready' };

/** A schema document on its way, read, or why it is not there. */
export type Described =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly description: ServiceDescription; readonly document: unknown }
  | { readonly kind: 'unknown'; readonly reason: string };

interface Login {
  readonly username: string;
  readonly password: string;
}

const TRY_AGAIN_MS = 3_000;
/** So many rows are drawn anew five times a second without that anybody waits for it. */
const ROWS_AT_ONCE = 50;
const MORE_ROWS = 200;
const NO_ROWS: Found = { rows: [], matching: 0, kept: 0, forgotten: 0 };

/** The state of the page. Views show it, and tell it what a person wants. */
export class ConsoleState {
  readonly phase = signal<Phase>({ kind: 'connecting' });
  readonly route: Signal<Route>;
  readonly brokers = signal<readonly BrokerState[]>([]);
  readonly gaps = signal<readonly Gap[]>([]);
  readonly services = signal<ServiceMap>(new Map());
  readonly timeline = signal<Found>(NO_ROWS);
  /** Messages that came faster than they could be kept. */
  readonly dropped = signal(0);
  readonly isPaused = signal(false);
  readonly isConnected = computed(() => this.brokers.value.every(({ state }) => state === 'open'));
  readonly plots: PlotState;
  readonly requests: RequestState;
  readonly link: WorkerLink;
  readonly #around: Surroundings;
  readonly #documents = new Map<string, Signal<Described>>();
  #filter: EntryFilter = {};
  #limit = ROWS_AT_ONCE;

  constructor(around: Surroundings) {
    this.#around = around;
    this.link = new WorkerLink(around.worker, (push) => this.#pushed(push));
    this.route = signal(routeOf(around.fragment()));
    this.plots = new PlotState(this.link);
    this.requests = new RequestState({ link: this.link, kept: around.kept, session: around.session });
  }

  get readOnly(): boolean {
    return this.#around.settings.readOnly;
  }

  /** Whether a broker asks the page itself who it is; with the name that is known already. */
  get login(): { readonly username: string } | undefined {
    const direct = this.#around.settings.brokers.find(({ way }) => way === 'direct');
    return direct && { username: (direct.way === 'direct' && direct.username) || '' };
  }

  start(): void {
    if (this.login) this.phase.value = { kind: 'login' };
    else void this.connect();
  }

  async connect(login?: Login): Promise<void> {
    const { settings, base, token } = this.#around;
    this.phase.value = { kind: 'connecting' };
    try {
      await this.link.call('connect', { settings, base, token, login });
      this.phase.value = { kind: 'ready' };
      this.watch(this.#filter);
    } catch (error) {
      const problem = problemOf(error);
      // The broker may be away for now, and nobody should have to look when it is back.
      if (problem.retryable) setTimeout(() => this.#again(login), TRY_AGAIN_MS);
      const isRefused = this.login !== undefined && problem.code === 'AUTH_REFUSED';
      this.phase.value = isRefused
        ? { kind: 'login', refused: problem.message }
        : { kind: 'failed', problem };
    }
  }

  #again(login: Login | undefined): void {
    if (this.phase.value.kind === 'failed') void this.connect(login);
  }

  /** The fragment of the page's address is another one. */
  routed(): void {
    this.route.value = routeOf(this.#around.fragment());
  }

  go(route: Route): void {
    this.#around.go(linkTo(route));
  }

  /** Which part of the timeline is shown. */
  watch(filter: EntryFilter): void {
    this.#filter = filter;
    const view = { filter, limit: this.#limit, paused: this.isPaused.value };
    void this.link.call('watchTimeline', view).catch(() => {});
  }

  /** Shows older rows, too. */
  showMore(): void {
    this.#limit += MORE_ROWS;
    this.watch(this.#filter);
  }

  setPaused(paused: boolean): void {
    this.isPaused.value = paused;
    this.watch(this.#filter);
  }

  /** What a service can do. Asked for once, and again when it tells another document. */
  described(address: string): Signal<Described> {
    let found = this.#documents.get(address);
    if (!found) {
      found = signal<Described>({ kind: 'loading' });
      this.#documents.set(address, found);
      void this.#describe(address, found);
    }
    return found;
  }

  async #describe(address: string, into: Signal<Described>): Promise<void> {
    try {
      const document = await this.link.call('describe', { address });
      if (document === undefined) throw new Error('It has not told yet what it can do.');
      into.value = { kind: 'known', description: readServiceSchema(document), document };
    } catch (error) {
      into.value = { kind: 'unknown', reason: (error as Error).message };
    }
  }

  /** What is shown of services that told another document. */
  #describeAnew(changed: readonly ListedService[]): void {
    for (const { address, schemaVersion } of changed) {
      const shown = this.#documents.get(address);
      const before = this.services.peek().get(address)?.schemaVersion ?? 0;
      if (shown && schemaVersion > before) void this.#describe(address, shown);
    }
  }

  #pushed(push: Push): void {
    switch (push.kind) {
      case 'connection':
        batch(() => {
          this.brokers.value = push.brokers;
          this.gaps.value = push.gaps;
        });
        return;
      case 'services':
        this.#describeAnew(push.changed);
        this.services.value = withChanges(this.services.value, push.changed);
        return;
      case 'progress':
        this.requests.progressed(push.key, push.progress);
        return;
      case 'items':
        this.requests.streamed(push.key, push.items, push.count);
        return;
      case 'timeline':
        batch(() => {
          this.timeline.value = push.found;
          this.dropped.value = push.dropped;
        });
        return;
      case 'points':
      case 'image':
        this.plots.pushed(push);
        return;
    }
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof CallFailed) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'UNEXPECTED', message, issues: [], mayHaveRun: true, retryable: false };
}
