import type { CapabilityDoor } from '@intersect-sdk/client';
import { IntersectClient, type Report, type ReportKind } from '@intersect-sdk/client';
import type {
  AnyCapability,
  AnyDefinition,
  ArgumentOf,
  CapabilityDefinition,
  CapabilityShape,
  EventValues,
  OperationName,
} from '@intersect-sdk/contract/plain';
import { ConfigError } from '@intersect-sdk/core';
import { nextTurn } from '@intersect-sdk/core/internal';
import type { IntersectService } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { LabError, lineOf } from './lab-error.js';
import { type LabOptions, type LabWiring, resolveLabOptions } from './lab-options.js';
import type { Log, Missed } from './log.js';
import { countsOf, isEventOf, isRequestOf, nameOf } from './names.js';
import { type Placed, placeServices } from './place-services.js';
import { ReportBook } from './report-book.js';
import { type AskedRequest, type EmittedEvent, Traffic } from './traffic.js';
import { resolveUntilOptions, type UntilOptions } from './until-options.js';

/** From a message to its handler and from there to the next message there are fewer turns of the event loop. */
const QUIET_TURNS = 10;

type EventName<Definition extends AnyDefinition> = keyof EventValues<Definition> & string;

/** A broker in memory, a client and services, all of them up. Made by `startLab`. */
export class Lab implements AsyncDisposable {
  /** Connected. */
  readonly client: IntersectClient;
  /** To cut connections with: `lab.broker.sever()`. */
  readonly broker: MemoryBroker;
  readonly #traffic = new Traffic();
  readonly #reports = new ReportBook();
  readonly #placed: readonly Placed[];
  readonly #failOnReports: boolean;
  #stopped: Promise<void> | undefined;

  /** @internal */
  constructor({ services, client, failOnReports }: ReturnType<typeof resolveLabOptions>) {
    this.broker = new MemoryBroker({ onMessage: this.#traffic.see });
    this.#failOnReports = failOnReports;
    this.#placed = placeServices(services ?? [], () => this.wiring());
    const { brokers, observers } = this.wiring();
    const all = [...observers, ...(client.observers ?? [])];
    this.client = new IntersectClient({ ...client, brokers, observers: all });
  }

  /** @internal */
  async start(): Promise<this> {
    try {
      for (const { service } of this.#placed) await service.startup();
      await this.client.startup();
    } catch (error) {
      await this.#end();
      throw error;
    }
    return this;
  }

  /** The services, in the order in which they were given. */
  get services(): readonly IntersectService[] {
    return this.#placed.map(({ service }) => service);
  }

  /** What another client or service needs to be part of the lab; once for each: `new IntersectClient({ ...lab.wiring() })`. */
  wiring(): LabWiring {
    return { brokers: [memoryTransport(this.broker)], observers: [this.#reports.observer] };
  }

  /** The service that offers this capability or contract, the first of several. Throws ConfigError where none does. */
  service(offers: AnyCapability | AnyDefinition): IntersectService {
    const name = 'contract' in offers ? offers.declaration.name : offers.name;
    const found =
      this.#placed.find(({ capabilities }) => capabilities.some((each) => each === offers)) ??
      this.#placed.find(({ service }) => Object.hasOwn(service.schema.capabilities ?? {}, name));
    if (found) return found.service;
    const known = this.services.map(({ address }) => address).join(', ') || 'none';
    const message = `no service of the lab offers it; there are: ${known}`;
    throw new ConfigError('There is no such service', [{ path: name, message }]);
  }

  /** The capability, called by its contract: `await lab.capability(Thermostat).set_target(77)`. Of several services give the address. */
  capability<Shape extends CapabilityShape>(
    contract: CapabilityDefinition<Shape>,
    address: string = this.service(contract).address,
  ): CapabilityDoor<Shape> {
    return this.client.capability(contract, address);
  }

  /**
   * What was asked so far of this operation, whoever asked, in the order in which it was sent. Throws ConfigError for an operation that the
   * contract does not declare.
   */
  requests<Definition extends AnyDefinition, Name extends OperationName<Definition>>(
    contract: Definition,
    operation: Name,
  ): readonly AskedRequest<ArgumentOf<Definition, Name>>[] {
    return this.#traffic.requests.items.filter(
      isRequestOf<ArgumentOf<Definition, Name>>(contract, operation),
    );
  }

  /** What was emitted so far of this event. Throws ConfigError for an event that the contract does not declare. */
  events<Definition extends AnyDefinition, Name extends EventName<Definition>>(
    contract: Definition,
    event: Name,
  ): readonly EmittedEvent<EventValues<Definition>[Name]>[] {
    return this.#traffic.events.items.filter(isEventOf<EventValues<Definition>[Name]>(contract, event));
  }

  /**
   * Waits until this operation is asked for, and resolves with the request; at once, where it was already. Rejects with LabError LAB_NOT_SEEN,
   * which says what was seen instead; with TransportError ABORTED. Throws ConfigError as `requests` does.
   */
  async untilRequest<Definition extends AnyDefinition, Name extends OperationName<Definition>>(
    contract: Definition,
    operation: Name,
    options: UntilOptions<AskedRequest<ArgumentOf<Definition, Name>>> = {},
  ): Promise<AskedRequest<ArgumentOf<Definition, Name>>> {
    const fits = isRequestOf<ArgumentOf<Definition, Name>>(contract, operation);
    return this.#until(
      this.#traffic.requests,
      { what: `request of ${nameOf(contract, operation)}`, fits },
      options,
    );
  }

  /** Waits until this event is emitted, as `untilRequest` does for a request. */
  async untilEvent<Definition extends AnyDefinition, Name extends EventName<Definition>>(
    contract: Definition,
    event: Name,
    options: UntilOptions<EmittedEvent<EventValues<Definition>[Name]>> = {},
  ): Promise<EmittedEvent<EventValues<Definition>[Name]>> {
    const fits = isEventOf<EventValues<Definition>[Name]>(contract, event);
    return this.#until(this.#traffic.events, { what: `event ${nameOf(contract, event)}`, fits }, options);
  }

  /**
   * Waits until what happens by itself has happened, such as that a request which was sent is with its handler. No time passes meanwhile, so
   * it is what a test does between two steps of its fake timers. Work on files or over a network is not waited for.
   */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const { passed } = this.#traffic;
      await nextTurn();
      if (this.#traffic.passed !== passed) quiet = 0;
    }
  }

  /** What the client and the services have reported so far, and nobody has taken. */
  reports(kind?: ReportKind): readonly Report[] {
    return this.#reports.left(kind);
  }

  /** The same, and takes it: the test expected it. */
  takeReports(kind?: ReportKind): readonly Report[] {
    return this.#reports.take(this.#reports.left(kind));
  }

  /** Waits until something of this kind is reported, and takes it. Rejects with LAB_NOT_SEEN and ABORTED. */
  async untilReport(kind: ReportKind, options: UntilOptions<Report> = {}): Promise<Report> {
    const fits = (report: Report): report is Report => report.kind === kind;
    const report = await this.#until(this.#reports.log, { what: `report ${kind}`, fits }, options);
    this.#reports.take([report]);
    return report;
  }

  /**
   * Ends the client and the services. Rejects with LAB_REPORTS where something was reported that the test has not taken, unless the lab was
   * started with `failOnReports: false`: nothing is lost in silence. Whoever waits for something gets LAB_NOT_SEEN. Idempotent.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    await this.#end();
    if (this.#failOnReports) this.#reports.throwIfLeft();
  }

  async #end(): Promise<void> {
    await this.client.shutdown();
    for (const { service } of this.#placed.toReversed()) await service.shutdown({ forget: true });
    this.#traffic.end();
    this.#reports.log.end();
  }

  #until<Item, Fitting extends Item>(
    log: Log<Item>,
    { what, fits }: { readonly what: string; readonly fits: (item: Item) => item is Fitting },
    options: UntilOptions<Fitting>,
  ): Promise<Fitting> {
    const { where = () => true, ...resolved } = resolveUntilOptions('It cannot be waited for', options);
    return log.until({
      ...resolved,
      what: `Waiting for the ${what}`,
      fits: (item): item is Fitting => fits(item) && where(item),
      missing: (why) =>
        this.#missing(what, { why, count: resolved.count, others: log.items.filter(fits).length }),
    });
  }

  #missing(
    what: string,
    { why, count, others }: { readonly why: Missed; readonly count: number; readonly others: number },
  ): LabError {
    const when = 'afterMs' in why ? `within ${why.afterMs} ms` : 'before the lab was stopped';
    const unfit = others === 0 ? '' : `; the ${others} that ${others === 1 ? 'was does' : 'were do'} not fit`;
    const which =
      count === 1
        ? `No ${what} was seen ${when}${unfit}`
        : `The ${what} number ${count} was not seen ${when}; there ${others === 1 ? 'was' : 'were'} ${others}`;
    const requests = countsOf(this.#traffic.requests.items.map(({ operation }) => operation));
    const events = countsOf(this.#traffic.events.items.map(({ event }) => event));
    const reports = this.reports();
    const lines = [
      `${which}.`,
      `  Requests seen: ${requests}`,
      `  Events seen: ${events}`,
      ...reports.map((report) => `  Reported: ${lineOf(report)}`),
    ];
    return new LabError('LAB_NOT_SEEN', lines.join('\n'), reports);
  }
}

/**
 * Starts a broker in memory, a client and services, and resolves when all are up. End it with `await lab.stop()`, or begin it with
 * `await using`. Throws ConfigError with every problem; what a service or the client throws at its start.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  return new Lab(resolveLabOptions(options)).start();
}
