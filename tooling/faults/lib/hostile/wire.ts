import type { WireMessage } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import type { Abilities, RawMessage } from './raw-message.js';

/** What came in, as far as these tests look at it. */
export interface Received {
  readonly payload: Uint8Array;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** One broker, with a bare library to put anything on the wire, and transports for the program under test. */
export interface Wire extends AsyncDisposable {
  readonly abilities: Abilities;
  transport(): Transport;
  /** Resolves when the broker has it. */
  send(message: RawMessage): Promise<void>;
  /** Resolves when the broker confirmed. */
  listen(channel: string, handler: (message: Received) => void): Promise<void>;
}

/** A table with exactly these keys, `__proto__` among them; of doubles the last one. */
export function tableOf(headers: RawMessage['headers']): Record<string, unknown> {
  const table: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    Object.defineProperty(table, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return table;
}

/** The broker inside the process. */
export async function memoryWire(): Promise<Wire> {
  const broker = new MemoryBroker();
  const raw = memoryTransport(broker);
  await raw.connect();
  return {
    abilities: {
      // `publish()` refuses them, and there is no other door to the broker in memory.
      nonStrings: false,
      doubles: false,
      controls: true,
      longestText: 1_000_000,
      headerRoom: Number.POSITIVE_INFINITY,
      longestContentType: 60_000,
      largestPayload: 50_000_000,
    },
    transport: () => memoryTransport(broker),
    send: ({ contentType = '', headers, ...message }) =>
      raw.publish({ ...message, contentType, headers: tableOf(headers) } as WireMessage),
    listen: async (channel, handler) => void (await raw.subscribe(channel, handler, { concurrency: 100 })),
    [Symbol.asyncDispose]: () => raw.close(),
  };
}
