export type {
  BrokerHost,
  Credentials,
  CredentialsSource,
  Pem,
  ResolvedHost,
  ResolvedTls,
  TlsOptions,
} from '@intersect-sdk/transport/endpoint';
export { amqpTransport } from './amqp-transport.js';
export { amqpDriver } from './connection/driver.js';
export type { AmqpOptions, AmqpTransportOptions, ResolvedAmqpOptions } from './options.js';
export { resolveAmqpOptions } from './options.js';
export type { QueueTypes } from './queue-types.js';
