import { newId, queueNameOf } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import type { SessionOptions } from '@intersect-sdk/transport';

/** Which one of several instances of a service. */
export interface Instance {
  readonly id: string;
  /** Whether whoever runs it gave the id: then it comes back under it after a restart. */
  readonly isNamed: boolean;
}

export function instanceOf(id: string | undefined): Instance {
  return { id: id ?? newId(), isNamed: id !== undefined };
}

const LONGEST_READABLE_ADDRESS = 128;
/** Nobody comes back for what is kept of an instance with a random id, so this is for lost connections. */
const KEEP_UNNAMED_MS = 300_000;

/** What of a service's configuration its session is made of. */
interface SessionSource {
  readonly wire: Wire;
  readonly keepRequestsMs: number;
  readonly instance: Instance | undefined;
}

/** The same at each start, so that a restarted service gets what was sent to it meanwhile. */
export function sessionOf(
  address: string,
  { wire, keepRequestsMs, instance }: SessionSource,
): SessionOptions {
  const readable = address.length <= LONGEST_READABLE_ADDRESS;
  const name = `intersect-${readable ? address : queueNameOf(wire.requestChannel(address))}`;
  if (!instance) return { id: name, keepForMs: keepRequestsMs, keepAfterClose: true };
  const { id, isNamed } = instance;
  return {
    id: `${name}.${id}`,
    keepForMs: isNamed ? keepRequestsMs : Math.min(keepRequestsMs, KEEP_UNNAMED_MS),
    // What is its own, answers and events, is of no use to the next run.
    keepAfterClose: false,
  };
}
