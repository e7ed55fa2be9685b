export type { BrokerConfig, BrokerProtocol, ResolvedBrokerConfig } from './endpoint/broker-config.js';
export {
  brokerFieldsOf,
  checkBrokerConfig,
  readWebSocketPath,
  WEB_SOCKET,
} from './endpoint/broker-config.js';
export type { ConnectionFailure } from './endpoint/connection-failure.js';
export { connectionFailure } from './endpoint/connection-failure.js';
export type {
  Asked,
  AskOptions,
  Credentials,
  CredentialsSource,
  OptionalCredentials,
} from './endpoint/credentials.js';
export { askCredentials, readCredentials, readOptionalCredentials } from './endpoint/credentials.js';
export type { BrokerHost, ResolvedHost } from './endpoint/hosts.js';
export { DEFAULT_HOST, HostRotation, readHosts } from './endpoint/hosts.js';
export type { NamedEndpoint } from './endpoint/name.js';
export { brokerName, hostAndPort } from './endpoint/name.js';
export { readOptions, refuseBeside } from './endpoint/options.js';
export type { Redacted } from './endpoint/redact.js';
export { redactPath, redactWhenPrinted } from './endpoint/redact.js';
export type { Scheme, Schemes } from './endpoint/schemes.js';
export { AMQP_SCHEMES, MQTT_SCHEMES } from './endpoint/schemes.js';
export type { Pem, ResolvedTls, TlsOptions } from './endpoint/tls.js';
export { readTls } from './endpoint/tls.js';
export { tlsFailure } from './endpoint/tls-failure.js';
export type { BrokerUrl, UrlRule } from './endpoint/url.js';
export { readUrl } from './endpoint/url.js';
