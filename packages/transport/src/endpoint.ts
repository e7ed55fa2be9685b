export { readOptions } from '@intersect-sdk/core/internal';
export type { BrokerConfig, BrokerProtocol, ResolvedBrokerConfig } from './endpoint/broker-config.js';
export {
  brokerFieldsOf,
  brokerRow,
  checkBrokerConfig,
  WEB_SOCKET,
  webSocketPathRow,
} from './endpoint/broker-config.js';
export type { ConnectionFailure, Sought } from './endpoint/connection-failure.js';
export { connectionFailure, endedEarly } from './endpoint/connection-failure.js';
export type {
  Asked,
  AskOptions,
  Credentials,
  CredentialsSource,
  GivenCredentials,
  OptionalCredentials,
} from './endpoint/credentials.js';
export {
  askCredentials,
  credentialsOf,
  optionalCredentialsOf,
  readCredentials,
} from './endpoint/credentials.js';
export type { BrokerHost, GivenHost, GivenHosts, HostsRule, ResolvedHost } from './endpoint/hosts.js';
export { HostRotation, hostRow, hostsOf, hostsRow, readHosts } from './endpoint/hosts.js';
export type { NamedEndpoint } from './endpoint/name.js';
export { brokerName, hostAndPort } from './endpoint/name.js';
export { refuseBeside } from './endpoint/options.js';
export type { ResolvedProxy } from './endpoint/proxy.js';
export { proxyOf, proxyRow } from './endpoint/proxy.js';
export type { Redacted } from './endpoint/redact.js';
export { redactPath, redactWhenPrinted } from './endpoint/redact.js';
export type { Scheme, Schemes } from './endpoint/schemes.js';
export { AMQP_SCHEMES, MQTT_SCHEMES } from './endpoint/schemes.js';
export type { AskedScheme, Pem, ResolvedTls, TlsOptions } from './endpoint/tls.js';
export { readTls, tlsOf, tlsRow } from './endpoint/tls.js';
export { tlsFailure } from './endpoint/tls-failure.js';
export type { BrokerUrl, UrlRule } from './endpoint/url.js';
export { parseUrl, readUrl, urlOf } from './endpoint/url.js';
export type { ResolvedSupervisorOptions } from './options.js';
export { readSupervisorOptions } from './options.js';
