import {
  type EventCallback,
  IntersectClient,
  type IntersectClientCallback,
  type IntersectClientConfig,
  type Report,
  type ResponseCallback,
} from '@intersect-sdk/client';
import { type MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { ADDRESS } from './fake-service.js';
import type { Collected } from './support.js';

/** What a test's clients share. */
export interface Surroundings {
  readonly broker: MemoryBroker;
  readonly reports: Collected<Report>;
}

export interface Conversation {
  readonly initial: IntersectClientCallback;
  readonly config?: Partial<IntersectClientConfig>;
  readonly onResponse?: ResponseCallback;
  readonly onEvent?: EventCallback;
}

/** A client that converses with a `FakeService` by callbacks. */
export function conversingClient(
  { broker, reports }: Surroundings,
  { initial, config, onResponse, onEvent }: Conversation,
): IntersectClient {
  const brokers = [memoryTransport(broker, { name: 'client' })];
  const whole = { brokers, onReport: reports.add, initialMessageEventConfig: initial, ...config };
  return new IntersectClient(whole, onResponse, onEvent);
}

/** A client that asks, and is quick to connect again. */
export function askingClient(
  { broker, reports }: Surroundings,
  config: Partial<IntersectClientConfig>,
): IntersectClient {
  const transport = memoryTransport(broker, {
    name: 'client',
    reconnectMinDelayMs: 1,
    reconnectMaxDelayMs: 1,
  });
  return new IntersectClient({ brokers: [transport], onReport: reports.add, ...config });
}

/** A request to the `FakeService`. */
export const message = (operation: string, payload?: unknown, more: object = {}) => ({
  destination: ADDRESS,
  operation: `Fake.${operation}`,
  payload,
  ...more,
});

export const event = (eventName: string) => ({ hierarchy: ADDRESS, capabilityName: 'Fake', eventName });

export const sends = (...operations: string[]) => ({
  messagesToSend: operations.map((name) => message(name)),
});

/** Callbacks for which only some of the arguments matter. */
export const withAnswer =
  (handle: (payload: unknown) => ReturnType<ResponseCallback>): ResponseCallback =>
  (...args) =>
    handle(args[3]);

export const withEvent =
  (handle: (payload: unknown, eventName: string) => ReturnType<EventCallback>): EventCallback =>
  (...args) =>
    handle(args[3], args[2]);
