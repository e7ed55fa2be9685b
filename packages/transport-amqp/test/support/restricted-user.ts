import { randomUUID } from 'node:crypto';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { manage } from './management.js';

export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  /** Which routing keys may be published, and read, through the exchange. */
  readonly topics?: { readonly exchange: string; readonly write: string; readonly read: string };
}

export interface RestrictedUser extends AsyncDisposable {
  readonly username: string;
  readonly password: string;
  setPassword(password: string): Promise<void>;
}

/** A user of the broker with only these permissions on virtual host `/`. Disposing removes it. */
export async function restrictedUser(
  rabbitmq: RabbitmqEndpoints,
  permissions: Permissions | undefined,
): Promise<RestrictedUser> {
  const username = `test-${randomUUID()}`;
  const password = randomUUID();
  const setPassword = async (next: string): Promise<void> => {
    await manage(rabbitmq, `PUT users/${username}`, { password: next, tags: '' });
  };
  await setPassword(password);
  if (permissions) {
    const { topics, ...resources } = permissions;
    await manage(rabbitmq, `PUT permissions/%2F/${username}`, resources);
    if (topics) await manage(rabbitmq, `PUT topic-permissions/%2F/${username}`, topics);
  }
  return {
    username,
    password,
    setPassword,
    [Symbol.asyncDispose]: async () => {
      await manage(rabbitmq, `DELETE users/${username}`);
    },
  };
}
