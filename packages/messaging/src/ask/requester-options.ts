import type { Integers, WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../brokers/broker-group.js';
import type { DataPlane } from '../data/data-plane.js';
import type { Observers } from '../observe/observers.js';

export interface RequesterOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
  readonly observers: Observers;
  /** How payloads travel by reference. @default not at all */
  readonly data?: DataPlane | undefined;
  /** Others ask as the same source, and each gets the answers of all. @default false */
  readonly hasSiblings?: boolean | undefined;
  /** How long a request without its own `timeoutMs` waits, in ms. @default 300000 */
  readonly requestTimeoutMs?: number | undefined;
  /** A larger answer ends its request with PAYLOAD_INVALID. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** What whole numbers beyond 2^53 become. @default 'number' */
  readonly integers?: Integers | undefined;
  /** How many requests may wait for their answers; one more rejects with PENDING_FULL. @default 20000 */
  readonly maxPendingRequests?: number | undefined;
  /** Takes what other askers say about requests that this program has. @default nothing is expected */
  readonly onControl?: ((message: WireMessage, broker: string) => void) | undefined;
}
