import type { FieldReader } from '@intersect-sdk/core/internal';

/** What a broker URL says. */
export interface BrokerUrl {
  readonly tls: boolean;
  readonly host: string;
  readonly port?: number | undefined;
  readonly vhost?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Reads the field `url`, undefined when absent or unusable. No issue repeats any part of the URL:
 * it may hold a password.
 */
export function readBrokerUrl(fields: FieldReader): BrokerUrl | undefined {
  const text = fields.text('url', undefined);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') || url.hostname === '') {
    fields.addIssue('url', 'must look like amqp://user:password@host:5672/vhost, or amqps:// for TLS');
    return undefined;
  }
  if (url.search !== '' || url.hash !== '') {
    fields.addIssue('url', "must not have a '?' or '#' part; give such settings as fields of their own");
  }
  if (url.pathname.indexOf('/', 1) > 0) {
    fields.addIssue('url', "has a virtual host with a '/' in it; write that as %2F");
  }
  return {
    tls: url.protocol === 'amqps:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    vhost: decoded(fields, url.pathname.slice(1)),
    username: decoded(fields, url.username),
    password: decoded(fields, url.password),
  };
}

function decoded(fields: FieldReader, part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch {
    fields.addIssue('url', "has a '%' that is not followed by two hexadecimal digits; write it as %25");
    return undefined;
  }
}
