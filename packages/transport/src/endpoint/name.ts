import type { ResolvedHost } from './hosts.js';

export interface NamedEndpoint {
  /** `amqp`, `wss`. */
  readonly scheme: string;
  readonly hosts: readonly ResolvedHost[];
  /** A WebSocket's path, or a virtual host. What stands behind a `?` in it stays out of the name. */
  readonly path?: string | undefined;
}

/**
 * What reports, logs and errors call a broker: `amqp://host:5672`, `ws://host:15675/ws`, with several hosts
 * `amqp://one:5672,two:5672`. Never holds credentials.
 */
export function brokerName({ scheme, hosts, path = '' }: NamedEndpoint): string {
  const [shown] = path.split('?', 1);
  const slash = shown === '' || shown?.startsWith('/') ? '' : '/';
  return `${scheme}://${hosts.map(hostAndPort).join(',')}${slash}${shown}`;
}

/** `host:5672`, an IPv6 address in brackets. */
export function hostAndPort({ host, port }: ResolvedHost): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
