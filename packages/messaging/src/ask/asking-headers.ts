import { newId, nowIso } from '@intersect-sdk/core';
import type { RequestOptions, Wire } from '@intersect-sdk/core/internal';

/** Who asks. */
export interface AskerIdentity {
  readonly wire: Wire;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
}

/** What a message to a service is about. */
interface About {
  readonly requestId: string;
  readonly destination: string;
  readonly operation: string;
  readonly dataHandler: 'MESSAGE' | 'MINIO';
}

/** The headers of what an asker sends to a service, and further ones. They have a `message_id` of their own each time. */
export function askingHeaders(
  { wire, source, campaignId }: AskerIdentity,
  { requestId, destination, operation, dataHandler }: About,
  further: RequestOptions['headers'],
): Record<string, string> {
  return wire.encodeUserspaceHeaders(
    {
      messageId: newId(),
      campaignId,
      requestId,
      source,
      destination,
      createdAt: nowIso(),
      sdkVersion: wire.version,
      operationId: operation,
      dataHandler,
      state: 'complete',
    },
    further,
  );
}
