// What the users of programs must be allowed that call by a contract: SECURITY.md's rows, each granted alone, and each left out.
import { IntersectClient } from '@intersect-sdk/client';
import { lifecycleChannel, queueNameOf } from '@intersect-sdk/core';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Permissions, SecurityBroker } from '../lib/security-broker.js';
import { asService, PROTOCOLS, type Protocol, permissions, plain } from '../lib/security-roles.js';
import { useSecurityBroker } from '../lib/use-security-broker.js';

let broker: SecurityBroker;
useSecurityBroker((started) => {
  broker = started;
});

const status = Type.Object({ kelvin: Type.Number() });
const Lab = defineCapability({
  name: 'Lab',
  events: { tick: { schema: Type.Integer() } },
  status: { schema: status },
});
/** The same for who does not know by which operation the status is asked for. */
const ToldLab = defineCapability({ name: 'Lab', status: { schema: status, name: null } });
const Ear = defineCapability({ name: 'Ear', operations: { rest: {} } });

const ADDRESS = 'org.fac.sys.-.lab';
const hierarchyOf = (service: string) => ({ organization: 'org', facility: 'fac', system: 'sys', service });

function lab() {
  const capability = Lab.implement({ status: () => ({ kelvin: 293 }) });
  const brokers = [asService(broker, 'AMQP', broker.rabbitmq)];
  return {
    capability,
    service: new IntersectService([capability], { hierarchy: hierarchyOf('lab'), brokers }),
  };
}

type Role = 'client' | 'service';
type Program = IntersectClient | IntersectService;
const ROLES: readonly Role[] = ['client', 'service'];

function programOf(role: Role, transport: Transport): Program {
  const brokers = [transport];
  return role === 'client'
    ? new IntersectClient({ brokers })
    : new IntersectService([Ear.implement({ rest: () => {} })], { hierarchy: hierarchyOf('ear'), brokers });
}

/** What a door needs of the topics, and whether it listens. */
interface Need {
  readonly door: string;
  readonly topics: { readonly write?: string; readonly read?: string };
  /** Calls the door and comes to its end: the lab is started, or started by this. */
  use(program: Program, transport: Transport): Promise<unknown>;
  readonly gives: unknown;
  readonly refused: { readonly code: string; readonly channel: string };
}

const NEEDS: readonly Need[] = [
  {
    door: '$events',
    topics: { read: '^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.events\\.' },
    async use(program) {
      const { capability, service } = lab();
      await using _ = await service.startup();
      await using events = program.capability(Lab, ADDRESS).$events('tick');
      await events.ready;
      await capability.emit('tick', 7);
      return (await events.next()).value?.payload;
    },
    gives: 7,
    refused: { code: 'SUBSCRIBE_REFUSED', channel: 'org/fac/sys/-/lab/events/Lab/tick' },
  },
  {
    door: '$status() that asks',
    topics: { write: '^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.request$' },
    async use(program) {
      await using _ = await lab().service.startup();
      return await program.capability(Lab, ADDRESS).$status();
    },
    gives: { kelvin: 293 },
    refused: { code: 'PUBLISH_REFUSED', channel: 'org/fac/sys/-/lab/request' },
  },
  {
    door: '$status() that is told',
    topics: { read: '^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.lifecycle$' },
    async use(program, transport) {
      const subscribe = vi.spyOn(transport, 'subscribe');
      const told = program.capability(ToldLab, ADDRESS).$status();
      // It is told at the start of the service, so that must come after the subscription.
      const channels = () => subscribe.mock.calls.map(([channel]) => channel);
      const called = expect.poll(channels).toContain(lifecycleChannel(ADDRESS));
      await Promise.race([called, told]);
      await subscribe.mock.results.at(-1)?.value.catch(() => {});
      await using _ = await lab().service.startup();
      return (await told).status;
    },
    gives: { kelvin: 293 },
    refused: { code: 'SUBSCRIBE_REFUSED', channel: 'org/fac/sys/-/lab/lifecycle' },
  },
];

const OWN_QUEUES: Readonly<Record<Role, Readonly<Record<Protocol, string>>>> = {
  client: {
    AMQP: 'intersect-session\\.intersect-[0-9a-f-]+\\..*',
    MQTT: 'mqtt-subscription-intersect-[0-9a-f-]+qos[01]',
  },
  service: {
    AMQP: ['request', 'response'].map((suffix) => queueNameOf(`org/fac/sys/-/ear/${suffix}`)).join('|'),
    MQTT: 'mqtt-subscription-intersect-org\\.fac\\.sys\\.-\\.ear.*qos[01]',
  },
};
const OWN_TOPICS: Readonly<Record<Role, { readonly write: string; readonly read: string }>> = {
  client: { write: '^$', read: '^tmp-\\.tmp-\\.tmp-\\.-\\.tmp-[0-9a-f-]+\\.response$' },
  service: {
    write: '\\.response$|^org\\.fac\\.sys\\.-\\.ear\\.(events\\..*|lifecycle)$',
    read: '^org\\.fac\\.sys\\.-\\.ear\\.(request|response)$',
  },
};
/** Queues that end with the connection, named by the broker. */
const UNNAMED = 'amq\\.gen-.*';

interface Grant {
  readonly role: Role;
  readonly protocol: Protocol;
  readonly topics?: Need['topics'];
  readonly queues?: readonly string[];
}

/** What the role needs for itself, and what is given beside it. */
function granted({ role, protocol, topics = {}, queues = [] }: Grant): Permissions {
  const own = OWN_TOPICS[role];
  const either = (one: string, other: string | undefined) => (other === undefined ? one : `${one}|${other}`);
  return permissions(`(${[OWN_QUEUES[role][protocol], ...queues].join('|')})`, {
    write: either(own.write, topics.write),
    read: either(own.read, topics.read),
  });
}

let made = 0;

async function use(need: Need, grant: Grant): Promise<unknown> {
  const { role, protocol } = grant;
  const user = { username: `${role}-${protocol}-${++made}`, password: 'pw' };
  const allowed = granted(grant);
  const root = role === 'service' && protocol === 'AMQP';
  await broker.addUser(
    user,
    root ? { ...allowed, configure: `${allowed.configure}|^intersect-messages$` } : allowed,
  );
  const transport = root ? asService(broker, protocol, user) : plain(broker, protocol, user);
  await using program = programOf(role, transport);
  await program.startup();
  return await need.use(program, transport);
}

describe.each(PROTOCOLS)('%s: a user that may do what its role needs', (protocol) => {
  // The first to come makes the exchange.
  beforeAll(async () => {
    if (broker) await (await lab().service.startup()).shutdown();
  });

  for (const role of ROLES) {
    for (const need of NEEDS) {
      const { door, topics, gives, refused } = need;
      const queues = role === 'service' && protocol === 'AMQP' && topics.read ? [UNNAMED] : [];

      test(`${role}, ${door}: works with its row of SECURITY.md`, async () => {
        expect(await use(need, { role, protocol, topics, queues })).toEqual(gives);
      });

      test(`${role}, ${door}: without the topic it is an error that names the channel`, async () => {
        const { code, channel } = refused;
        await expect(use(need, { role, protocol, queues })).rejects.toMatchObject({
          code,
          message: expect.stringContaining(channel),
        });
      });

      if (queues.length === 0) continue;
      test(`${role}, ${door}: without the queue it is an error that names the permission`, async () => {
        await expect(use(need, { role, protocol, topics })).rejects.toMatchObject({
          code: refused.code,
          message: expect.stringMatching(/configure permission on queue/),
        });
      });
    }
  }
});
