import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import type { Protocol } from './protocols.js';
import { stateIs, until } from './waiting.js';

const TIMEOUT_MS = 60_000;

const soak = defineCapability({
  name: 'Soak',
  operations: { echo: { request: Type.Number(), response: Type.Number() } },
  events: { tick: { schema: Type.Number() } },
});

export interface Access {
  readonly protocol: Protocol;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** What a pair has counted so far. */
export interface SoakCounts {
  readonly asked: number;
  readonly answered: number;
  /** Requests whose handler ran no time, or more than once. */
  readonly notOnce: number;
  readonly failed: number;
  readonly wrong: number;
  readonly ticked: number;
  /** Events that came in order, each once. */
  readonly seen: number;
  readonly outOfOrder: number;
}

/**
 * A client and a service behind proxies of their own. Keeps nothing that grows with time: the table of
 * handlers that ran is made at once.
 */
export class SoakPair {
  readonly protocol: Protocol;
  readonly proxies: { readonly client: FaultProxy; readonly service: FaultProxy };
  readonly address: string;
  readonly #client: IntersectClient;
  readonly #service: IntersectService;
  readonly #transports;
  readonly #capability;
  readonly #executions: Uint8Array;
  readonly #under = new Set<Promise<void>>();
  #reading: Promise<void> | undefined;
  #asked = 0;
  #answered = 0;
  #failed = 0;
  #wrong = 0;
  #ticked = 0;
  #seen = 0;
  #outOfOrder = 0;

  static async start(access: Access, mostRequests: number): Promise<SoakPair> {
    const [client, service] = await Promise.all([FaultProxy.to(access.url), FaultProxy.to(access.url)]);
    const pair = new SoakPair(access, { client, service }, mostRequests);
    await pair.#start();
    return pair;
  }

  private constructor(access: Access, proxies: SoakPair['proxies'], mostRequests: number) {
    const { protocol, username, password } = access;
    this.protocol = protocol;
    this.proxies = proxies;
    this.#executions = new Uint8Array(mostRequests);
    this.#capability = soak.implement({
      echo: (number) => {
        this.#executions[number] = (this.#executions[number] ?? 0) + 1;
        return number;
      },
    });
    this.#transports = {
      client: protocol.transport({ url: proxies.client.url, username, password }),
      service: protocol.transport({ url: proxies.service.url, username, password }),
    };
    this.#service = new IntersectService([this.#capability], {
      hierarchy: {
        organization: 'soak-org',
        facility: 'soak-fac',
        system: 'soak-sys',
        service: `soak-${randomUUID()}`,
      },
      brokers: [this.#transports.service],
      keepRequestsMs: 120_000,
    });
    this.address = this.#service.address;
    this.#client = new IntersectClient({ brokers: [this.#transports.client] });
  }

  get counts(): SoakCounts {
    return {
      asked: this.#asked,
      answered: this.#answered,
      notOnce: this.#executions.subarray(0, this.#asked).reduce((sum, times) => sum + Number(times !== 1), 0),
      failed: this.#failed,
      wrong: this.#wrong,
      ticked: this.#ticked,
      seen: this.#seen,
      outOfOrder: this.#outOfOrder,
    };
  }

  /** Asks, and counts what comes of it. Never rejects. */
  ask(): Promise<void> {
    const asking = this.#ask(this.#asked++).finally(() => this.#under.delete(asking));
    this.#under.add(asking);
    return asking;
  }

  tick(): void {
    const telling = this.#capability
      .emit('tick', this.#ticked++)
      .catch(() => void this.#failed++)
      .finally(() => this.#under.delete(telling));
    this.#under.add(telling);
  }

  /** Resolves when both sides are connected. */
  async connected(): Promise<void> {
    await Promise.all([stateIs(this.#transports.client, 'open'), stateIs(this.#transports.service, 'open')]);
  }

  /** Resolves when everything that was sent got where it belongs. */
  async settled(): Promise<void> {
    await Promise.all(this.#under);
    await until('every event is there', () => this.#seen + this.#outOfOrder >= this.#ticked);
  }

  async end(): Promise<void> {
    await this.#client.shutdown();
    await this.#reading;
    await this.#service.shutdown();
    await Promise.all([
      this.proxies.client[Symbol.asyncDispose](),
      this.proxies.service[Symbol.asyncDispose](),
    ]);
  }

  async #start(): Promise<void> {
    await this.#service.startup();
    await this.#client.startup();
    const selector = { hierarchy: this.address, capabilityName: 'Soak', eventName: 'tick' };
    const stream = this.#client.events(selector);
    await stream.ready;
    this.#reading = (async () => {
      for await (const { payload } of stream) {
        if (payload === this.#seen) this.#seen++;
        else this.#outOfOrder++;
      }
    })();
  }

  async #ask(number: number): Promise<void> {
    try {
      const params = { destination: this.address, operation: 'Soak.echo', payload: number };
      const answer = await this.#client.request(params, { timeoutMs: TIMEOUT_MS });
      this.#answered++;
      if (answer !== number) this.#wrong++;
    } catch {
      this.#failed++;
    }
  }
}
