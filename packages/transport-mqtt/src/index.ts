export type {
  MqttCredentials,
  MqttHost,
  MqttOptions,
  MqttProtocol,
  MqttTlsOptions,
  MqttTransportOptions,
  Pem,
  ResolvedMqttHost,
  ResolvedMqttOptions,
  ResolvedMqttTls,
} from './options/options.js';
export { MQTT_DEFAULTS } from './options/options.js';
export { resolveMqttOptions } from './options/resolve-options.js';
export { mqttDriver, mqttTransport } from './session/driver.js';
