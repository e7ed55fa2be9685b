import type { WireMessage } from '@intersect-sdk/core';
import type { SupervisorOptions, Transport, TransportCapabilities } from '@intersect-sdk/transport';

/**
 * What the author of a transport gives the kit: how to make one, and what else can be done to its
 * broker. All transports of a harness meet on one broker; each case uses channels of its own, so one
 * broker serves all cases. A case that needs something that is missing here is skipped, with the reason.
 */
export interface ConformanceHarness {
  /** What the transports promise: those of the driver. Cases about other promises are skipped. */
  readonly capabilities: TransportCapabilities;
  /** Another transport to the broker, not connected. The kit closes it. */
  create(options?: SupervisorOptions): Transport;
  /** Cuts the connection of this transport, as a network that fails does. */
  sever?(transport: Transport): void | Promise<void>;
  /** From now on the broker refuses new connections, or takes them again; those that exist stay. */
  refuse?(on: boolean): void | Promise<void>;
  /**
   * From now on nothing passes on any connection, in either direction, and neither side is told, as when a
   * cable was pulled. With false, everything passes again.
   */
  stall?(on: boolean): void | Promise<void>;
  /**
   * What the broker holds now for programs, a name for each thing: consumers, subscriptions, queues. The
   * kit compares what stands there before and after. It may tell of a change some time later.
   */
  inventory?(): readonly string[] | Promise<readonly string[]>;
  /**
   * Resolves, within `deadlineMs`, when the broker has waited for the acknowledgement of a message as long as it
   * does before it delivers that again or ends the subscription, counted from this call. Best by what the broker
   * does to another consumer that acknowledges nothing.
   */
  ackOverdue?(): Promise<void>;
  /** A transport, not connected, whose credentials the broker refuses. */
  createRejected?(): Transport;
  /** Publishes by other means than this transport, as another program at the broker would. */
  publishForeign?(message: WireMessage): Promise<void>;
  /** The largest payload the broker takes, in bytes, if the transport knows of that limit. */
  readonly maxPayloadBytes?: number | undefined;
  /** How long a case waits for each thing that must happen, in ms. Default 20,000. */
  readonly deadlineMs?: number | undefined;
  /** Which part of their rounds the long cases do, from 0 to 1. Default 1. */
  readonly effort?: number | undefined;
  /** Called once before the first case, e.g. to start a broker or a proxy. */
  start?(): Promise<void>;
  /** Called once after the last case. */
  stop?(): Promise<void>;
}

interface NeedEntry {
  met(harness: ConformanceHarness): boolean;
  /** Why a case is skipped without it. */
  readonly otherwise: string;
}

/** What a case can need from its harness. */
export type Need =
  | 'sever'
  | 'refuse'
  | 'createRejected'
  | 'publishForeign'
  | 'maxPayloadBytes'
  | 'stall'
  | 'inventory'
  | 'ackOverdue'
  | 'acknowledge'
  | 'durable'
  | 'unroutable'
  | 'sharing'
  | 'one-queue'
  | 'node';

const NEEDS: Readonly<Record<Need, NeedEntry>> = {
  sever: {
    met: ({ sever }) => sever !== undefined,
    otherwise: 'the harness cannot cut a connection (sever)',
  },
  refuse: {
    met: ({ refuse }) => refuse !== undefined,
    otherwise: 'the harness cannot make the broker refuse connections (refuse)',
  },
  createRejected: {
    met: ({ createRejected }) => createRejected !== undefined,
    otherwise: 'the harness has no credentials that the broker refuses (createRejected)',
  },
  publishForeign: {
    met: ({ publishForeign }) => publishForeign !== undefined,
    otherwise: 'the harness cannot publish by other means (publishForeign)',
  },
  maxPayloadBytes: {
    met: ({ maxPayloadBytes }) => maxPayloadBytes !== undefined,
    otherwise: 'the harness names no largest payload (maxPayloadBytes)',
  },
  stall: {
    met: ({ stall }) => stall !== undefined,
    otherwise: 'the harness cannot silence a network (stall)',
  },
  inventory: {
    met: ({ inventory }) => inventory !== undefined,
    otherwise: 'the harness does not tell what the broker holds (inventory)',
  },
  ackOverdue: {
    met: ({ ackOverdue }) => ackOverdue !== undefined,
    otherwise: 'the broker waits for an acknowledgement for ever, or too long for a test (ackOverdue)',
  },
  acknowledge: {
    met: ({ capabilities }) => capabilities.acknowledge === 'after-handler',
    otherwise: 'the transport acknowledges on receipt',
  },
  durable: {
    met: ({ capabilities }) => capabilities.durable,
    otherwise: 'the transport keeps nothing between connections (durable)',
  },
  unroutable: {
    met: ({ capabilities }) => capabilities.reportsUnroutable,
    otherwise: 'the broker does not tell when no one receives a message (reportsUnroutable)',
  },
  sharing: {
    met: ({ capabilities: { sharing = 'none' } }) => sharing !== 'none',
    otherwise: 'several subscriptions cannot share messages there (sharing)',
  },
  'one-queue': {
    met: ({ capabilities }) => capabilities.sharing === 'queue',
    otherwise: 'the broker has no queue that several take from (sharing: queue)',
  },
  node: {
    met: () => typeof globalThis.process?.getActiveResourcesInfo === 'function',
    otherwise: 'only Node tells which sockets, timers and handlers are left',
  },
};

/** Why the harness can't run a case with these needs; undefined when it can. */
export function missingNeeds(needs: readonly Need[], harness: ConformanceHarness): string | undefined {
  const missing = needs.filter((need) => !NEEDS[need].met(harness)).map((need) => NEEDS[need].otherwise);
  return missing.length > 0 ? missing.join('; ') : undefined;
}
