import { type RabbitmqHandle, startBrokers } from '@intersect-sdk/test-brokers';
import { type Authority, type Identity, makeAuthority } from '@intersect-sdk/test-brokers/certificates';

/** What a user of RabbitMQ may do, as its management interface takes it. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  /** Routing keys of the exchange that all programs share. */
  readonly topics?: { readonly write: string; readonly read: string };
}

export interface User {
  readonly username: string;
  readonly password: string;
}

/** The name in the broker's certificate; the broker itself is at 127.0.0.1. */
export const BROKER_NAME = 'broker.test';

/** A RabbitMQ that belongs to one test file: its users, and its connections with TLS. */
export class SecurityBroker implements AsyncDisposable {
  readonly rabbitmq: RabbitmqHandle;
  readonly authority: Authority;
  readonly client: Identity;
  readonly #stop: () => Promise<void>;

  private constructor(
    rabbitmq: RabbitmqHandle,
    { authority, client }: { readonly authority: Authority; readonly client: Identity },
    stop: () => Promise<void>,
  ) {
    this.rabbitmq = rabbitmq;
    this.authority = authority;
    this.client = client;
    this.#stop = stop;
  }

  /** The broker, or why this machine can't have it. */
  static async start(): Promise<SecurityBroker | string> {
    const authority = await makeAuthority('private authority');
    const [server, client] = await Promise.all([authority.server([BROKER_NAME]), authority.client('client')]);
    const set = await startBrokers({ rabbitmq: true, ours: true, tls: { ca: authority.ca, ...server } });
    if (set.rabbitmq) return new SecurityBroker(set.rabbitmq, { authority, client }, () => set.stop());
    await set.stop();
    return set.unavailable[0]?.reason ?? 'it was not started';
  }

  async addUser(user: User, permissions: Permissions): Promise<void> {
    const { topics, ...resources } = permissions;
    await this.setPassword(user);
    await this.#manage(`PUT permissions/%2F/${user.username}`, resources);
    if (topics) {
      const exchange = { exchange: 'intersect-messages', ...topics };
      await this.#manage(`PUT topic-permissions/%2F/${user.username}`, exchange);
    }
  }

  async setPassword({ username, password }: User): Promise<void> {
    await this.#manage(`PUT users/${username}`, { password, tags: '' });
  }

  /** Ends every connection of the user, as an operator does. */
  async cut({ username }: User): Promise<void> {
    await this.rabbitmq.rabbitmqctl('close_all_user_connections', username, 'password changed');
  }

  async #manage(request: string, body: object): Promise<void> {
    const { managementUrl, username, password } = this.rabbitmq;
    const [method = 'GET', path = ''] = request.split(' ');
    const response = await fetch(new URL(`/api/${path}`, managementUrl), {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${request}: ${response.status} ${await response.text()}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }
}
