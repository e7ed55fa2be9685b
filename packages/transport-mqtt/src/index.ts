export type {
  BrokerHost,
  CredentialsSource,
  OptionalCredentials,
  Pem,
  ResolvedHost,
  ResolvedProxy,
  ResolvedTls,
  TlsOptions,
} from '@intersect-sdk/transport/endpoint';
export type {
  MqttOptions,
  MqttProtocol,
  MqttTransportOptions,
  ResolvedMqttOptions,
} from './options/options.js';
export { resolveMqttOptions } from './options/options.js';
export { mqttDriver, mqttTransport } from './session/driver.js';
