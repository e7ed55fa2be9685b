import type { CapabilityDefinition, CapabilityShape } from '@intersect-sdk/contract/plain';
import { ConfigError, type Issue, newId } from '@intersect-sdk/core';
import { throwConfigError } from '@intersect-sdk/core/internal';
import {
  Asker,
  type CapabilityDoor,
  checkEventParams,
  createDoor,
  DataPlane,
  type DirectMessageParams,
  type DoorEnvironment,
  type EventParams,
  type EventStream,
  type EventsOptions,
  type IntersectClientConfig,
  type ItemStream,
  type MessageStream,
  type Observers,
  Participant,
  ParticipantLife,
  type Requester,
  type RequestOptions,
  type Response,
  resolveEventsOptions,
  resolveWatchOptions,
  type StreamedResponse,
  UncheckedPatterns,
  type WatchOptions,
} from '@intersect-sdk/messaging';
import { storeFor, transportFor } from '@intersect-sdk/messaging/broker-config';
import type { Transport } from '@intersect-sdk/transport';
import type { EventCallback, ResponseCallback } from './callbacks.js';
import { type ResolvedClientConfig, resolveClientConfig } from './config.js';
import { ClientRun } from './run.js';

/**
 * Asks INTERSECT services, listens to their events and orchestrates experiments. Two doors, one
 * implementation: `request()` and `events()`, or the callbacks of the reference. Constructing it
 * connects to nothing.
 */
export class IntersectClient extends Participant {
  /** The client's own address; new for each client. */
  readonly address: string;
  /** One for the client's lifetime; every message of it carries it. */
  readonly campaignId = newId();
  readonly #config: ResolvedClientConfig;
  readonly #life: ParticipantLife<ClientRun>;
  readonly #callbacks: {
    readonly user: ResponseCallback | undefined;
    readonly event: EventCallback | undefined;
  };
  readonly #observers: Observers;
  readonly #data: DataPlane;
  readonly #asker: Asker;
  readonly #doors: DoorEnvironment;
  #initialSent = false;

  /**
   * @param config the brokers, and options that may be left out
   * @param userCallback called with the outcome of each message that callbacks or the configuration send
   * @param eventCallback called with each event that callbacks or the configuration listen to
   * @throws ConfigError CONFIG_INVALID with every problem of the three at once
   */
  constructor(config: IntersectClientConfig, userCallback?: ResponseCallback, eventCallback?: EventCallback) {
    const resolved = resolveClientConfig(config, { userCallback, eventCallback });
    const { brokers, logger, address: owner } = resolved;
    const { report } = resolved.observers;
    const data = new DataPlane({ ...resolved, waitMs: resolved.requestTimeoutMs, owner, storeFor, report });
    const life = new ParticipantLife<ClientRun>({
      kind: 'client',
      brokers,
      transportFor,
      prepare: () => data.start(),
      logger,
      report,
      newRun: (transports) => this.#newRun(transports),
    });
    super(life, resolved);
    this.#life = life;
    this.#config = resolved;
    this.#data = data;
    this.#callbacks = { user: userCallback ?? undefined, event: eventCallback ?? undefined };
    this.address = this.#config.address;
    this.#observers = resolved.observers;
    const { wire, observers, retry, check, requestTimeoutMs: timeoutMs } = resolved;
    const requester = (): Requester => life.running.requester;
    const canStore = resolved.dataStores.length > 0;
    const asker = new Asker({ wire, observers, requester, retry, canStore });
    this.#asker = asker;
    this.#doors = {
      wire,
      asker,
      canStore,
      observers,
      unchecked: new UncheckedPatterns(observers),
      check,
      timeoutMs,
      openEvents: (params, options) => life.running.events.open(params, options),
      lastStatuses: async (address, options) => life.running.statuses.last(address, options),
    };
  }

  /**
   * A capability of a service, called by its contract: operations are methods, `await lab.set_target(77, { timeoutMs: 5_000 })`, and
   * everything else begins with `$`. Arguments are checked before anything is sent. Connects to nothing by itself. Throws ConfigError
   * for what `defineCapability` did not make, and for a wrong address.
   */
  capability<Shape extends CapabilityShape>(
    contract: CapabilityDefinition<Shape>,
    address: string,
  ): CapabilityDoor<Shape> {
    return createDoor(contract, address, this.#doors);
  }

  /**
   * Asks a service and resolves with its answer: JSON as plain values, any other content type as a
   * `Uint8Array`. Any number may wait at once. Throws RequestError (REMOTE_ERROR, REQUEST_TIMEOUT,
   * REQUEST_ABORTED), PublishError (UNROUTABLE: no such service; PAYLOAD_TOO_LARGE), MessageError
   * (VERSION_INCOMPATIBLE, PAYLOAD_INVALID), DataError where a data store is used, ConfigError or ValidationError before anything is sent.
   */
  request(params: DirectMessageParams, options?: RequestOptions): Promise<unknown> {
    return this.requestWithDetails(params, options).then(payloadOf);
  }

  /**
   * Like `request`, with the answer's data as a stream: `for await (const piece of answer.body)`. It resolves as soon as they can be read, and
   * they are never in memory as a whole where they lie in a data store. There they are deleted once they were read to the end, and stay
   * when the stream is cut, cancelled, or ended by `options.signal`. Throws what `request` throws.
   */
  requestBytes(params: DirectMessageParams, options?: RequestOptions): Promise<StreamedResponse> {
    return this.#asker.askForBytes(params, options);
  }

  /**
   * Like `request`, item by item: `for await (const item of client.stream(params))`. The request is sent when the first item is asked for;
   * leaving the loop cancels it. Throws ConfigError or ValidationError before anything is sent; the stream throws what `request` throws.
   */
  stream(params: DirectMessageParams, options?: RequestOptions): ItemStream<unknown> {
    return this.#asker.askForItems(params, options);
  }

  /** Like `request`, with all that is known of the answer. */
  requestWithDetails(params: DirectMessageParams, options?: RequestOptions): Promise<Response> {
    return this.#asker.ask(params, options);
  }

  /**
   * Listens to events: `for await (const event of client.events(...))`. Subscribed at once; after
   * `await stream.ready` nothing is missed. Throws ConfigError, or IllegalStateError before startup.
   */
  events(selector: EventParams, options: EventsOptions = {}): EventStream {
    const issues: Issue[] = [];
    const params = checkEventParams(selector, { wire: this.#config.wire, issues });
    const resolved = resolveEventsOptions(options, issues);
    if (!params) throw new ConfigError('The events cannot be listened to', issues);
    throwConfigError('The events cannot be listened to', issues);
    return this.#life.running.events.open(params, resolved);
  }

  /**
   * The messages that pass by: `for await (const { kind, message } of client.watchMessages())`, also those between others. Nobody is disturbed:
   * requests are listened to only at services that are there, and left when a service goes, so that who asks one that is not there is still
   * told so. What this client sends and gets itself is not shown. Throws ConfigError, or NOT_CONNECTED before startup.
   */
  watchMessages(options: WatchOptions = {}): MessageStream {
    return this.#life.running.watches.open(resolveWatchOptions(options, this.#config.wire));
  }

  #newRun(transports: readonly Transport[]): ClientRun {
    const { initial, resendInitialMessagesOnSecondaryStartup: resend } = this.#config;
    return new ClientRun({
      transports,
      config: this.#config,
      campaignId: this.campaignId,
      userCallback: this.#callbacks.user,
      eventCallback: this.#callbacks.event,
      observers: this.#observers,
      data: this.#data,
      asker: this.#asker,
      firstMessages: resend || !this.#initialSent ? initial.send : [],
      onFirstMessagesSent: () => {
        this.#initialSent = true;
      },
    });
  }
}

function payloadOf({ payload }: Response): unknown {
  return payload;
}
