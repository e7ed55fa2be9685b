import type { ManagementAddress } from '../connect/management.js';

/** What RabbitMQ tells of itself, as far as it is looked at. */
export interface ManagementFacts {
  readonly version: string;
  /** How far its clock is ahead of this machine's, in ms; undefined where it does not say what time it is. */
  readonly clockAheadMs: number | undefined;
  readonly defaultQueueType: string | undefined;
  readonly policies: readonly Policy[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
}

interface Policy {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface Queue {
  readonly name: string;
  readonly consumers?: number;
  readonly messages?: number;
  readonly durable: boolean;
}

interface Binding {
  readonly destination: string;
  readonly routing_key: string;
}

const ANSWER_MS = 5_000;
/** Of everything that has a list: more are not looked at. */
const MOST = 500;

/** Asks RabbitMQ's management interface. Undefined where there is none, or it may not be read. */
export async function managementFacts(
  address: ManagementAddress,
  signal: AbortSignal,
): Promise<ManagementFacts | undefined> {
  const { url, username, password, vhost } = address;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const ended = () => AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const ask = async <T>(path: string): Promise<{ readonly body: T; readonly date: string | null }> => {
    const response = await fetch(`${url}/api${path}`, {
      headers: { authorization },
      signal: ended(),
      // The password goes to who was named, and not where that one points to.
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return { body: (await response.json()) as T, date: response.headers.get('date') };
  };
  const name = encodeURIComponent(vhost);
  try {
    const overview = await ask<{ readonly rabbitmq_version: string }>('/overview');
    const now = Date.now();
    const [{ body: host }, { body: policies }, { body: queues }, { body: bindings }] = await Promise.all([
      ask<{ readonly default_queue_type?: string }>(`/vhosts/${name}`),
      ask<Policy[]>(`/policies/${name}`),
      ask<{ readonly items: Queue[] }>(`/queues/${name}?page=1&page_size=${MOST}`),
      ask<Binding[]>(`/exchanges/${name}/intersect-messages/bindings/source`).catch(() => ({ body: [] })),
    ]);
    return {
      version: overview.body.rabbitmq_version,
      clockAheadMs: overview.date === null ? undefined : Date.parse(overview.date) - now,
      defaultQueueType: host.default_queue_type,
      policies,
      queues: queues.items,
      bindings,
    };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
