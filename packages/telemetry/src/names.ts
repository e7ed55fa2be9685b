// All names that leave this package, so that a change of the conventions is a change of this file. A test compares those of OpenTelemetry
// with its package of conventions, of which the ones for messaging are not yet stable.

/** Attributes of the semantic conventions for messaging. */
export const ATTRIBUTE = {
  system: 'messaging.system.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  bodySize: 'messaging.message.body.size',
  errorType: 'error.type',
} as const;

/** Attributes that only INTERSECT has. */
export const INTERSECT_ATTRIBUTE = {
  operation: 'intersect.operation',
  event: 'intersect.event',
  source: 'intersect.source',
  target: 'intersect.destination',
  campaignId: 'intersect.campaign.id',
  broker: 'intersect.broker',
  report: 'intersect.report.kind',
} as const;

/** The value of `messaging.system.name`. */
export const SYSTEM = 'intersect';

/** Metrics of the semantic conventions. */
export const METRIC = {
  sendDuration: 'messaging.client.operation.duration',
  sent: 'messaging.client.sent.messages',
  processDuration: 'messaging.process.duration',
  consumed: 'messaging.client.consumed.messages',
} as const;

/** Metrics that only INTERSECT has. */
export const INTERSECT_METRIC = {
  pending: 'intersect.client.requests.pending',
  working: 'intersect.messages.unacknowledged',
  connected: 'intersect.broker.connections',
  reconnects: 'intersect.broker.reconnects',
  lost: 'intersect.messages.lost',
  reports: 'intersect.reports',
} as const;
