import type { ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';
import { UsageError } from '../outcome/usage-error.js';

/** Where RabbitMQ's management interface is, and who asks. */
export interface ManagementAddress {
  /** Without a path: `http://127.0.0.1:15672`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
}

/** Of the option `--management`, which several commands have. */
export const MANAGEMENT_HELP =
  "RabbitMQ's management interface, which is sent the broker's user and password; left out, it is asked at port 15672 of this machine alone, for a broker at a usual port";

const USUAL_PORT = 15_672;
/** Where RabbitMQ listens unless it is told otherwise: a broker at another port is not the one whose management interface has the usual port. */
const RABBITMQ_PORTS = new Set([5671, 5672, 1883, 8883, 15_675, 15_676]);
const THIS_MACHINE = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/**
 * The management interface of a broker: the one that is given, else the usual one where the broker is on this machine, at a usual port. Undefined for any other
 * broker: what listens there at that port is not known, and it would be sent a password that nobody meant for it. Throws UsageError where `given` is no URL
 * of it, or would get the password in clear text over a network.
 */
export function managementOf(
  broker: Partial<ResolvedBrokerConfig> | undefined,
  given: string | undefined,
): ManagementAddress | undefined {
  const { host = '', port, username = '', password = '', vhost = '/' } = broker ?? {};
  const isUsual = THIS_MACHINE.test(host) && (port === undefined || RABBITMQ_PORTS.has(port));
  const usual = isUsual ? `http://${inUrl(host)}:${USUAL_PORT}` : undefined;
  const url = given === undefined ? usual : readUrl(given);
  return url === undefined ? undefined : { url, username, password, vhost };
}

/** An example of `--management` for a broker at `host`. */
export function managementExample(host: string): string {
  return `--management https://${inUrl(host)}:15671`;
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function readUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // The URL is not repeated: it may hold a password.
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError('--management must be a URL such as https://broker.lab:15671');
  if (url.username || url.password)
    throw new UsageError("--management must not hold a user or a password: the broker's are sent");
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'http:' && !THIS_MACHINE.test(host)) {
    const tunnel = `ssh -L ${USUAL_PORT}:127.0.0.1:${USUAL_PORT} ${host}`;
    throw new UsageError(
      `--management would send the broker's password to ${url.host} in clear text: name it with https, or open \`${tunnel}\` and name http://127.0.0.1:${USUAL_PORT}`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
