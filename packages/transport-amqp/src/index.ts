export type { AmqpTransportOptions } from './amqp-transport.js';
export { amqpTransport } from './amqp-transport.js';
export { amqpDriver } from './connection/driver.js';
export type { AmqpCredentials, AmqpHost, AmqpOptions, ResolvedAmqpOptions } from './options.js';
export { AMQP_DEFAULTS, resolveAmqpOptions } from './options.js';
export type { AmqpTlsOptions, Pem, ResolvedTls } from './tls-options.js';
