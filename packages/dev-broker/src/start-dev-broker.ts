import { Broker } from './broker/broker.js';
import type { DevBrokerConnection, TrafficListener } from './broker/traffic.js';
import { Connection } from './connection/connection.js';
import { type AcceptSocket, listenTcp, listenWebSocket, portOf } from './connection/listeners.js';
import { type DevBrokerOptions, resolveDevBrokerOptions } from './options.js';
import { Reason } from './packets/reason.js';

/** Who says nothing makes way for who came after it: otherwise silent sockets would lock everybody out. */
function makeRoom({ waiting, limits, logger }: Broker): void {
  const [oldest] = waiting;
  if (oldest === undefined || waiting.size <= limits.waitingSockets) return;
  logger.warn(
    { limit: limits.waitingSockets, ...oldest.peer },
    'too many sockets wait for their login, the oldest is closed',
  );
  oldest.drop();
}

/** A running broker. Disposing it stops it. */
export interface DevBroker extends AsyncDisposable {
  /** The address it listens on, as it was given. */
  readonly host: string;
  /** The real port, also when 0 was asked for. */
  readonly port: number;
  /** Undefined when it doesn't listen for WebSockets. */
  readonly webSocketPort: number | undefined;
  /** `mqtt://host:port`, with an address that this machine can reach. */
  readonly url: string;
  /** `ws://host:port/` */
  readonly webSocketUrl: string | undefined;
  /** Who is connected at this moment. */
  readonly connections: readonly DevBrokerConnection[];
  /** Shows what passes; a payload is read only when the listener asks for it. Answers the function that ends it. */
  onTraffic(listener: TrafficListener): () => void;
  /**
   * Tells the clients with 0x8B, closes their connections and the ports, and forgets all sessions and retained
   * messages. No wills are published. Can be called again: resolves when all is closed.
   */
  stop(): Promise<void>;
}

/**
 * Starts an MQTT 5 broker inside this process, for development and tests only: everything is held in memory and
 * one user name and password open everything. Resolves when it listens.
 * @throws ConfigError (CONFIG_INVALID) with every invalid option, or when a port can't be used.
 */
export async function startDevBroker(options: DevBrokerOptions = {}): Promise<DevBroker> {
  const resolved = resolveDevBrokerOptions(options);
  const broker = new Broker(resolved);
  const open = new Set<Connection>();
  const accept: AcceptSocket = (stream, peer) => {
    const connection = new Connection(broker, stream, peer);
    open.add(connection);
    stream.once('close', () => open.delete(connection));
    makeRoom(broker);
    return connection;
  };
  const tcp = await listenTcp(resolved, accept);
  const webSocket = await listenWebSocket(resolved, accept).catch(async (error: unknown) => {
    await tcp[Symbol.asyncDispose]();
    throw error;
  });
  const { host } = resolved;
  const port = portOf(tcp);
  const webSocketPort = webSocket && portOf(webSocket);
  broker.logger.info({ host, port, webSocketPort }, 'development broker listens');

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      const closed = [tcp[Symbol.asyncDispose](), webSocket?.[Symbol.asyncDispose]()];
      // Those that are no WebSockets: a peer could leave its HTTP request unfinished for ever.
      webSocket?.closeAllConnections();
      broker.sessions.clear();
      for (const connection of open) connection.close(Reason.serverShuttingDown, 'The broker stops');
      await Promise.all(closed);
      broker.logger.info({ host, port }, 'development broker stopped');
    })();
    return stopping;
  };
  const urlHost = reachableHost(host);
  return {
    host,
    port,
    webSocketPort,
    url: `mqtt://${urlHost}:${port}`,
    webSocketUrl: webSocket && `ws://${urlHost}:${webSocketPort}/`,
    get connections() {
      return [...broker.connections].map(({ settings, peer }) => ({ clientId: settings.clientId, ...peer }));
    },
    onTraffic: (listener) => broker.traffic.listen(listener),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** An address that means 'all interfaces' can't be connected to; this machine can be reached at loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
