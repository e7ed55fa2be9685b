/**
 * RabbitMQ's management interface, as far as tests need it. The public types are in `brokers.d.mts`.
 *
 * @typedef {import('../brokers.mjs').RabbitmqEndpoints} RabbitmqEndpoints
 */

/**
 * @param {RabbitmqEndpoints} rabbitmq
 * @returns {Promise<import('../brokers.mjs').QueueInfo[]>}
 */
export async function listQueues(rabbitmq) {
  // Without the statistics, whose records of a queue come seconds after the queue.
  const queues = await ask(rabbitmq, 'GET', '/api/queues/%2F?disable_stats=true&enable_queue_totals=true');
  return queues.map((/** @type {Record<string, any>} */ queue) => ({
    name: queue.name,
    messages: queue.messages ?? 0,
    type: queue.type,
    durable: queue.durable,
    // The queue of an MQTT session at QoS 0 says null.
    exclusive: queue.exclusive === true,
    autoDelete: queue.auto_delete,
    arguments: queue.arguments,
  }));
}

/**
 * @param {RabbitmqEndpoints} rabbitmq
 * @returns {Promise<import('../brokers.mjs').ConnectionInfo[]>}
 */
export async function listConnections(rabbitmq) {
  const connections = await ask(rabbitmq, 'GET', '/api/connections');
  return connections.map((/** @type {Record<string, any>} */ connection) => ({
    name: connection.name,
    clientName: connection.user_provided_name ?? connection.client_properties?.client_id,
    protocol: protocolName(connection.protocol),
  }));
}

/**
 * @param {RabbitmqEndpoints} rabbitmq
 * @param {string} name
 */
export async function closeConnection(rabbitmq, name) {
  await ask(rabbitmq, 'DELETE', `/api/connections/${encodeURIComponent(name)}`);
}

/** @param {unknown} protocol */
function protocolName(protocol) {
  return Array.isArray(protocol) ? protocol.join(' ') : String(protocol);
}

/**
 * @param {RabbitmqEndpoints} rabbitmq
 * @param {'GET' | 'DELETE'} method
 * @param {string} path
 * @returns {Promise<any>}
 */
async function ask({ managementUrl, username, password }, method, path) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(managementUrl + path, {
    method,
    headers: { authorization },
    signal: AbortSignal.timeout(60_000),
  });
  const body = await response.text();
  if (response.ok) return body === '' ? undefined : JSON.parse(body);
  if (method === 'DELETE' && response.status === 404) return undefined;
  throw new Error(
    `RabbitMQ's management interface answers ${method} ${path} with status ${response.status}.`,
  );
}
