import { randomUUID } from 'node:crypto';

/**
 * The ten headers of a request or answer (protocol section 3).
 *
 * @param {{ campaignId: string, requestId: string, source: string, destination: string, operation: string }} of
 */
export function headersOf({ campaignId, requestId, source, destination, operation }) {
  return {
    message_id: randomUUID(),
    campaign_id: campaignId,
    request_id: requestId,
    source,
    destination,
    created_at: new Date().toISOString(),
    sdk_version: '0.9.6',
    operation_id: operation,
    data_handler: 'MESSAGE',
    has_error: 'false',
  };
}

/**
 * The headers of an answer to a request.
 *
 * @param {Record<string, any>} request
 */
export function answerHeadersOf(request) {
  return headersOf({
    campaignId: request.campaign_id,
    requestId: request.request_id,
    source: request.destination,
    destination: request.source,
    operation: request.operation_id,
  });
}

/**
 * The seven headers of an event.
 *
 * @param {{ source: string, capability: string, event: string }} of
 */
export function eventHeadersOf({ source, capability, event }) {
  return {
    message_id: randomUUID(),
    source,
    created_at: new Date().toISOString(),
    sdk_version: '0.9.6',
    data_handler: 'MESSAGE',
    capability_name: capability,
    event_name: event,
  };
}
