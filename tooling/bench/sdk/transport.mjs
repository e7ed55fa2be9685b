/**
 * The transport, with the module of that one alone loaded.
 *
 * @param {import('../lib/contenders.mjs').Where} where
 */
export async function transportOf({ protocol, host, port, username, password }) {
  const options = { host, port, username, password };
  if (protocol === 'amqp') return (await import('@intersect-sdk/transport-amqp')).amqpTransport(options);
  return (await import('@intersect-sdk/transport-mqtt')).mqttTransport(options);
}
