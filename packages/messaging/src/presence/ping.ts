import { type IntersectError, isIntersectError, RequestError } from '@intersect-sdk/core';
import {
  abortSignal,
  atCaller,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { Requester } from '../ask/requester.js';
import { checkServiceAddress, coreRequest } from './core-request.js';

const PING_OPTIONS = {
  /**
   * How long to wait for the broker and the answer together, in ms. No broker keeps the question longer.
   * @default 2000
   */
  timeoutMs: ms({ default: 2_000 }),
  /**
   * Ends the wait with REQUEST_ABORTED.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** How to ask whether a service is there. */
export interface PingOptions extends Named, OptionsOf<typeof PING_OPTIONS> {}

/** It answered. */
export interface PingUp {
  readonly state: 'up';
  readonly address: string;
  /** From the question to the answer, in ms. */
  readonly roundTripMs: number;
  /** The protocol version that it speaks, where its answer can be read. */
  readonly protocolVersion: string | undefined;
  /** What it tells of its machine and its process (protocol section 7), where its answer can be read. */
  readonly coreStatus: Readonly<Record<string, unknown>> | undefined;
}

/**
 * `up`: it answered, be it with an error. `silent`: the question could be delivered and no answer came in time: it is busy (a service of the
 * Python SDK does one thing at a time), or it is gone and its queue is still there. `absent`: a broker says that nobody is there.
 */
export type Ping =
  | PingUp
  | { readonly state: 'silent'; readonly address: string }
  | { readonly state: 'absent'; readonly address: string };

export interface PingPlace {
  readonly wire: Wire;
  /** The requester of the current run; throws NOT_CONNECTED outside a run. */
  readonly requester: () => Requester;
}

/** Codes of errors that only an answer can cause. */
const ANSWERED = new Set(['REMOTE_ERROR', 'VERSION_INCOMPATIBLE', 'PAYLOAD_INVALID']);

/** Asks whether a service is there. Throws ConfigError, REQUEST_ABORTED, and what the brokers say where none can be asked. */
export async function ping(
  address: string,
  given: PingOptions,
  { wire, requester }: PingPlace,
): Promise<Ping> {
  const options = readOptions('The ping cannot be sent', given, (fields) => {
    checkServiceAddress(fields, address, wire);
    return readTable(fields, PING_OPTIONS);
  });
  const startedAtMs = performance.now();
  let accepted = false;
  const onAccepted = (): void => {
    accepted = true;
  };
  const up = (told: Pick<PingUp, 'protocolVersion' | 'coreStatus'>): PingUp => {
    return { state: 'up', address, roundTripMs: performance.now() - startedAtMs, ...told };
  };
  try {
    const asked = requester().request(coreRequest(address), { ...options, onAccepted, isQuick: true });
    const { headers, payload } = await atCaller(asked);
    const isStatus = typeof payload === 'object' && payload !== null;
    const coreStatus = isStatus ? (payload as Readonly<Record<string, unknown>>) : undefined;
    return up({ protocolVersion: headers.sdkVersion, coreStatus });
  } catch (error) {
    if (!isIntersectError(error)) throw error;
    if (ANSWERED.has(error.code)) return up({ protocolVersion: undefined, coreStatus: undefined });
    if (error.code === 'UNROUTABLE') return { state: 'absent', address };
    if (isTimeout(error) && accepted) return { state: 'silent', address };
    throw error;
  }
}

function isTimeout(error: IntersectError): boolean {
  return error instanceof RequestError && error.code === 'REQUEST_TIMEOUT';
}
