export { mqttDriver, mqttTransport } from './driver.js';
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
} from './options.js';
export { MQTT_DEFAULTS } from './options.js';
export { resolveMqttOptions } from './resolve-options.js';
