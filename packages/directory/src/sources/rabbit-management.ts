import { isAddress, queueNameOf, requestChannel } from '@intersect-sdk/core';
import {
  callback,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  type ResolvedOf,
  required,
  text,
} from '@intersect-sdk/core/internal';

export const MANAGEMENT_OPTIONS = {
  /** Where RabbitMQ's management API is, e.g. `http://127.0.0.1:15672`. */
  url: required(text()),
  /** A user with the tag `monitoring` or `management`. */
  username: required(text()),
  /** The user's password. */
  password: required(text()),
  /**
   * The virtual host of the services.
   * @default '/'
   */
  vhost: text({ default: '/' }),
  /**
   * How often it is read, in ms. RabbitMQ itself counts every 5 s.
   * @default 5000
   */
  intervalMs: ms({ default: 5_000 }),
  /**
   * How to fetch, e.g. with an authority of one's own.
   * @default the global `fetch`
   */
  fetch: callback<typeof fetch>(),
} satisfies OptionTable;

/** How to read RabbitMQ's management API. It shows services before they say anything, and queues that nobody takes anything from. */
export interface RabbitManagementOptions extends Named, OptionsOf<typeof MANAGEMENT_OPTIONS> {}
export interface ResolvedManagement extends Named, ResolvedOf<typeof MANAGEMENT_OPTIONS> {}

/** A service that has a queue for its requests, and how many programs take from it. */
export interface QueueSeen {
  readonly address: string;
  readonly consumers: number;
}

/** Services on AMQP, and those on MQTT, which meet them only where RabbitMQ is told so. */
const EXCHANGES = ['intersect-messages', 'amq.topic'];
const REQUEST = /^(.+)\.request$/;

interface Binding {
  readonly routing_key?: unknown;
  readonly destination?: unknown;
  readonly destination_type?: unknown;
}

interface Queue {
  readonly name?: unknown;
  readonly consumers?: unknown;
}

/** The services that have a queue now. Throws an Error that says what to do where the API can't be read. */
export async function readManagement(options: ResolvedManagement, signal: AbortSignal): Promise<QueueSeen[]> {
  const vhost = encodeURIComponent(options.vhost);
  const [queues, ...bindings] = await Promise.all([
    get<Queue>(options, `queues/${vhost}?columns=name,consumers`, signal),
    ...EXCHANGES.map((exchange) =>
      get<Binding>(options, `exchanges/${vhost}/${exchange}/bindings/source`, signal),
    ),
  ]);
  const consumersOf = new Map(queues.map(({ name, consumers }) => [name, consumers]));
  const seen = new Map<string, number>();
  for (const { routing_key: key, destination, destination_type: type } of bindings.flat()) {
    const [, address] = (typeof key === 'string' && REQUEST.exec(key)) || [];
    if (address === undefined || type !== 'queue' || !isAddress(address)) continue;
    const consumers = consumersOf.get(destination);
    // One that was made since the queues were read is seen next time.
    if (typeof consumers !== 'number' || !isOfService(destination, address)) continue;
    seen.set(address, (seen.get(address) ?? 0) + consumers);
  }
  return [...seen].map(([address, consumers]) => ({ address, consumers }));
}

/** Not the queue of somebody who watches: a service's has its name by the protocol (section 4), or is that of an MQTT session. */
function isOfService(queue: unknown, address: string): boolean {
  if (typeof queue !== 'string') return false;
  return queue === queueNameOf(requestChannel(address)) || queue.startsWith('mqtt-subscription-');
}

async function get<Row>(options: ResolvedManagement, path: string, signal: AbortSignal): Promise<Row[]> {
  const { url, username, password, fetch: fetching = fetch } = options;
  const target = new URL(`api/${path}`, url.endsWith('/') ? url : `${url}/`);
  const headers = { authorization: `Basic ${base64Of(`${username}:${password}`)}` };
  const response = await fetching(target, { headers, signal, redirect: 'error' });
  if (response.status === 404) return [];
  if (!response.ok)
    throw new Error(`${target.host} answered ${response.status} to ${target.pathname}. ${ADVICE}`);
  const rows: unknown = await response.json();
  if (!Array.isArray(rows)) throw new Error(`${target.host} gave no list for ${target.pathname}. ${ADVICE}`);
  return rows as Row[];
}

const ADVICE =
  "Check url, username and password of rabbitManagement; the user needs the tag 'monitoring' and read rights on the virtual host.";

function base64Of(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
