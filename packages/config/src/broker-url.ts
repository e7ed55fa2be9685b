import type { Issue } from '@intersect-sdk/core';

/** Protocol and encryption that a URL's scheme stands for. */
const SCHEMES: Readonly<Record<string, { protocol: string; tls: boolean; webSocket?: boolean }>> = {
  'mqtt:': { protocol: 'mqtt5.0', tls: false },
  'mqtts:': { protocol: 'mqtt5.0', tls: true },
  'ws:': { protocol: 'mqtt5.0', tls: false, webSocket: true },
  'wss:': { protocol: 'mqtt5.0', tls: true, webSocket: true },
  'amqp:': { protocol: 'amqp0.9.1', tls: false },
  'amqps:': { protocol: 'amqp0.9.1', tls: true },
};

/**
 * The fields of a broker that a URL like `mqtt://user:password@host:1883` names. An issue never repeats
 * any part of the URL: it may hold a password.
 */
export function brokerFieldsOf(text: string, path: string, issues: Issue[]): Record<string, unknown> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url && Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (!url || !scheme || url.hostname === '') {
    const message =
      'must look like mqtt://user:password@host:1883, or begin with mqtts, ws, wss, amqp or amqps';
    issues.push({ path, message });
    return {};
  }
  const hasPath = url.pathname !== '' && url.pathname !== '/';
  if (url.search || url.hash || (hasPath && !scheme.webSocket)) {
    issues.push({
      path,
      message: "must end after the port; only ws and wss may have a path, none '?' or '#'",
    });
  }
  const { protocol, tls, webSocket } = scheme;
  return {
    protocol,
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
    ...(webSocket && { webSocketPath: hasPath ? url.pathname : '/ws' }),
  };
  function decoded(part: string): string {
    try {
      return decodeURIComponent(part);
    } catch {
      const message = "has a '%' that is not followed by two hexadecimal digits; write it as %25";
      issues.push({ path, message });
      return '';
    }
  }
}
