import type { WireMessage } from '@intersect-sdk/core';

/** The headers of a message that the console reads, by the protocol's names. */
export interface ReadHeaders {
  readonly source: string;
  readonly destination: string;
  readonly requestId: string;
  readonly campaign: string;
  readonly operation: string;
  readonly event: string;
  readonly lifecycle: string;
  readonly hasError: boolean;
  /** A message of long work before its final answer: `progress` and others. */
  readonly part: string;
  /** What an asker says to the service about a request that runs, such as `cancel`. */
  readonly control: string;
}

export function readHeaders({ headers }: WireMessage): ReadHeaders {
  const { source = '', destination = '', capability_name: capability, event_name: event } = headers;
  return {
    source,
    destination,
    requestId: headers.request_id ?? '',
    campaign: headers.campaign_id ?? '',
    operation: headers.operation_id ?? '',
    event: event === undefined ? '' : `${capability}.${event}`,
    lifecycle: headers.lifecycle_type ?? '',
    hasError: headers.has_error === 'true',
    part: headers['x-intersect-part'] ?? '',
    control: headers['x-intersect-control'] ?? '',
  };
}
