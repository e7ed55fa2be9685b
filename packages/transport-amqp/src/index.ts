export type {
  BrokerHost,
  Credentials,
  CredentialsSource,
  Pem,
  ResolvedHost,
  ResolvedTls,
  TlsOptions,
} from '@intersect-sdk/transport/endpoint';
export type { AmqpTransportOptions } from './amqp-transport.js';
export { amqpTransport } from './amqp-transport.js';
export { amqpDriver } from './connection/driver.js';
export type { AmqpOptions, ResolvedAmqpOptions } from './options.js';
export { AMQP_DEFAULTS, resolveAmqpOptions } from './options.js';
