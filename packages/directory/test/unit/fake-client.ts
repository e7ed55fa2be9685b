import {
  encodeLifecycleHeaders,
  encodePayload,
  type LifecycleType,
  lifecycleChannel,
  newId,
  nowIso,
  RequestError,
} from '@intersect-sdk/core';
import {
  BufferedStream,
  type DescribedService,
  type Ping,
  type WatchedMessage,
} from '@intersect-sdk/messaging';
import type { DirectoryClient } from '../../src/index.js';

/** A client whose services are what a test says. */
export class FakeClient implements DirectoryClient {
  /** What a ping gives, by address; `absent` where it says nothing. */
  readonly there = new Map<string, Ping['state']>();
  /** What services say that they can do. */
  readonly schemas = new Map<string, DescribedService['schema']>();
  readonly asked: string[] = [];
  /** What the headers of its messages are besides, or instead. */
  headers: Readonly<Record<string, string>> = {};
  #show: ((message: WatchedMessage) => void) | undefined;

  watchMessages(): BufferedStream<WatchedMessage> {
    return new BufferedStream<WatchedMessage>({
      what: 'messages',
      bufferSize: 1_000,
      overflow: 'fail',
      listen: async (show) => {
        this.#show = show;
        return async () => {
          this.#show = undefined;
        };
      },
      onDropped: () => {},
      onEnded: () => {},
    });
  }

  /** Whether the messages are listened to. */
  get isWatched(): boolean {
    return this.#show !== undefined;
  }

  async ping(address: string): Promise<Ping> {
    this.asked.push(`ping ${address}`);
    const state = this.there.get(address) ?? 'absent';
    if (state !== 'up') return { state, address };
    return { state, address, roundTripMs: 1, protocolVersion: '0.9.6', coreStatus: {} };
  }

  async describe(address: string): Promise<DescribedService> {
    this.asked.push(`describe ${address}`);
    const schema = this.schemas.get(address);
    if (schema) {
      const toldAtMs = Date.now();
      return { address, from: 'service', source: undefined, ageMs: 0, schema, statuses: {}, toldAtMs };
    }
    const about = { requestId: '', destination: address, operation: '' };
    throw new RequestError('REQUEST_TIMEOUT', 'nothing was told', about);
  }

  /** A lifecycle message of a service. */
  tell(address: string, lifecycleType: LifecycleType, payload: unknown): void {
    const ids = { messageId: newId(), createdAt: nowIso(), sdkVersion: '0.9.6' };
    const contentType = 'application/json';
    this.#show?.({
      kind: 'lifecycle',
      address,
      broker: 'fake',
      receivedAtMs: Date.now(),
      message: {
        channel: lifecycleChannel(address),
        contentType,
        payload: encodePayload(payload, contentType),
        headers: { ...encodeLifecycleHeaders({ ...ids, source: address, lifecycleType }), ...this.headers },
      },
    });
  }
}
