import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { IntersectClient, type Report } from '@intersect-sdk/client';
import { eventQueueNameOf, queueNameOf } from '@intersect-sdk/core';
import { defineCapability, IntersectService, Stream, Type } from '@intersect-sdk/service';
import { type Identity, makeAuthority } from '@intersect-sdk/test-brokers/certificates';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { BROKER_NAME, type Permissions, type SecurityBroker, type User } from '../lib/security-broker.js';
import {
  asService,
  CLIENT,
  clientTopics,
  EXCHANGE,
  PROTOCOLS,
  type Protocol,
  permissions,
  plain,
  roles,
} from '../lib/security-roles.js';
import { useSecurityBroker } from '../lib/use-security-broker.js';

let broker: SecurityBroker;
useSecurityBroker((started) => {
  broker = started;
});

interface Tls {
  readonly ca?: string;
  readonly identity?: Identity | undefined;
  readonly serverName?: string;
}

function withTls(protocol: Protocol, tls: Tls = {}, port?: number): Transport {
  const { amqpsPort = 0, mqttsPort = 0, username, password } = broker.rabbitmq;
  const { ca = broker.authority.ca, serverName = BROKER_NAME } = tls;
  const identity = 'identity' in tls ? tls.identity : broker.client;
  const options = { host: '127.0.0.1', username, password, tls: { ca, serverName, ...identity } };
  return protocol === 'AMQP'
    ? amqpTransport({ ...options, port: port ?? amqpsPort })
    : mqttTransport({ ...options, protocol: 'mqtts', port: port ?? mqttsPort });
}

const HIERARCHY = { organization: 'org', facility: 'fac', system: 'sys', service: 'lab' };
const ADDRESS = 'org.fac.sys.-.lab';

interface Lab {
  readonly service: IntersectService;
  tick(): Promise<void>;
  /** What `hold` is to be asked with, so that it tells when it begins and when it is stopped. */
  readonly held: string;
  readonly began: Promise<void>;
  readonly stopped: Promise<void>;
}

function labService(transport: Transport): Lab {
  const held = crypto.randomUUID();
  const told = { began: (): void => {}, stopped: (): void => {} };
  const began = new Promise<void>((resolve) => {
    told.began = resolve;
  });
  const stopped = new Promise<void>((resolve) => {
    told.stopped = resolve;
  });
  const lab = defineCapability({
    name: 'Lab',
    // What the tests of the other protocol asked waits for this service, too: both protocols meet at this broker.
    concurrency: 100,
    operations: {
      echo: { request: Type.String(), response: Type.String() },
      hold: { request: Type.String(), response: Type.String() },
      count: { response: Stream(Type.Integer()) },
    },
    events: { tick: { schema: Type.Integer() } },
  }).implement({
    echo: (text) => text,
    hold: (name, { signal }) => {
      if (name === held) told.began();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          if (name === held) told.stopped();
          reject(signal.reason);
        }),
      );
    },
    *count() {
      for (let number = 0; number < 200; number++) yield number;
    },
  });
  const service = new IntersectService([lab], { hierarchy: HIERARCHY, brokers: [transport] });
  return { service, tick: () => lab.emit('tick', 1), held, began, stopped };
}

const question = { destination: ADDRESS, operation: 'Lab.echo', payload: 'hello' };

describe('TLS with a private authority and client certificates', () => {
  test.each(PROTOCOLS)('%s: a client asks a service', async (protocol) => {
    await using service = await labService(withTls(protocol)).service.startup();
    await using client = await new IntersectClient({ brokers: [withTls(protocol)] }).startup();
    expect(service.isConnected()).toBe(true);
    expect(await client.request(question)).toBe('hello');
  });

  const wrong: readonly (readonly [string, () => Promise<Tls>])[] = [
    ['a broker of another authority', async () => ({ ca: (await makeAuthority('other')).ca })],
    ['a broker of another name', async () => ({ serverName: 'other.test' })],
    ['no certificate of its own', async () => ({ identity: undefined })],
    [
      'a certificate of its own that another authority signed',
      async () => ({ identity: await (await makeAuthority('other')).client('client') }),
    ],
  ];
  for (const protocol of PROTOCOLS) {
    test.each(wrong)(`${protocol}: %s ends it for good`, async (_, make) => {
      const transport = withTls(protocol, await make());
      const client = new IntersectClient({ brokers: [transport] });
      await expect(client.startup()).rejects.toMatchObject({ code: 'TLS_REFUSED', retryable: false });
      expect(transport.state).toMatchObject({ kind: 'closed', error: { code: 'TLS_REFUSED' } });
      expect(client.consideredUnrecoverable()).toBe(true);
    });

    test(`${protocol}: a certificate that is no longer valid ends it for good`, async () => {
      const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2020-01-02') };
      const { cert, key } = await broker.authority.server([BROKER_NAME], past);
      const server = createServer({ cert, key }, (socket) => socket.destroy()).on('tlsClientError', () => {});
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const transport = withTls(protocol, {}, (server.address() as AddressInfo).port);
        await expect(transport.connect()).rejects.toMatchObject({ code: 'TLS_REFUSED' });
        expect(transport.state.kind).toBe('closed');
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }
});

const EVERYTHING: Permissions = { configure: '.*', write: '.*', read: '.*' };

describe('credentials that change', () => {
  test.each(PROTOCOLS)('%s: a function is asked again for each connection', async (protocol) => {
    let user = { username: `rotating-${protocol}`, password: 'first' };
    await broker.addUser(user, EVERYTHING);
    let asked = 0;
    const transport = plain(broker, protocol, () => {
      asked += 1;
      return user;
    });
    await using service = await labService(asService(broker, protocol, broker.rabbitmq)).service.startup();
    await using client = await new IntersectClient({ brokers: [transport] }).startup();
    user = { ...user, password: 'second' };
    await broker.setPassword(user);
    const back = new Promise<void>((resolve) => {
      transport.onEvent((event) => event.kind === 'state' && event.state.kind === 'open' && resolve());
    });
    const before = asked;
    await broker.cut(user);
    await back;
    expect(asked).toBeGreaterThan(before);
    expect(await client.request(question)).toBe('hello');
    expect(service.consideredUnrecoverable()).toBe(false);
  });

  test.each(PROTOCOLS)('%s: an old password ends it for good', async (protocol) => {
    const user = { username: `left-behind-${protocol}`, password: 'first' };
    await broker.addUser(user, EVERYTHING);
    const transport = plain(broker, protocol, user);
    await using client = await new IntersectClient({ brokers: [transport] }).startup();
    await broker.setPassword({ ...user, password: 'second' });
    await broker.cut(user);
    expect(await transport.closed).toMatchObject({ code: 'AUTH_REFUSED' });
    expect(client.consideredUnrecoverable()).toBe(true);
    await expect(client.untilFinished()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
  });
});

/** A service `org.fac.sys.-.ear` that listens to the events of the other one. */
const LISTENER: Readonly<Record<Protocol, Permissions>> = {
  AMQP: permissions(
    `(${['request', 'response']
      .map((suffix) => queueNameOf(`org/fac/sys/-/ear/${suffix}`))
      .concat(
        eventQueueNameOf('org.fac.sys.-.ear', 'org/fac/sys/-/lab/events/Lab/tick').replace('.', '\\.'),
        EXCHANGE,
      )
      .join('|')})`,
    listenerTopics(),
  ),
  MQTT: permissions('mqtt-subscription-intersect-org\\.fac\\.sys\\.-\\.ear.*qos[01]', listenerTopics()),
};

function listenerTopics(): NonNullable<Permissions['topics']> {
  return {
    write: '\\.response$|^org\\.fac\\.sys\\.-\\.ear\\.(events\\..*|lifecycle)$',
    read: '^org\\.fac\\.sys\\.-\\.ear\\.(request|response)$|^org\\.fac\\.sys\\.-\\.lab\\.events\\.',
  };
}

describe('users that may do what their role needs, and nothing else', () => {
  for (const protocol of PROTOCOLS) {
    test(`${protocol}: requests, answers and events work`, async () => {
      const [asker, server] = await roles(broker, protocol);
      // On AMQP somebody who may has made the exchange; the service makes its two queues.
      const { service, tick } = labService(asService(broker, protocol, server));
      await using _service = await service.startup();
      await using client = await new IntersectClient({ brokers: [plain(broker, protocol, asker)] }).startup();
      await using events = client.events({ hierarchy: ADDRESS, capabilityName: 'Lab', eventName: 'tick' });
      await events.ready;
      await tick();
      expect((await events.next()).value).toMatchObject({ payload: 1 });
      expect(await client.request(question)).toBe('hello');
    });

    test(`${protocol}: a refused publish or subscription names its channel, and the rest goes on`, async () => {
      const [asker, server] = await roles(broker, protocol);
      await using _service = await labService(asService(broker, protocol, server)).service.startup();
      await using client = await new IntersectClient({ brokers: [plain(broker, protocol, asker)] }).startup();
      const elsewhere = client.request({ ...question, destination: 'secret.fac.sys.-.vault' });
      await expect(elsewhere).rejects.toMatchObject({
        code: 'PUBLISH_REFUSED',
        message: expect.stringContaining('secret/fac/sys/-/vault/request'),
      });
      const events = client.events({
        hierarchy: 'secret.fac.sys.-.vault',
        capabilityName: 'Lab',
        eventName: '*',
      });
      await expect(events.ready).rejects.toMatchObject({
        code: 'SUBSCRIBE_REFUSED',
        message: expect.stringContaining('secret/fac/sys/-/vault/events/Lab/*'),
      });
      expect(await client.request(question)).toBe('hello');
      expect(client.consideredUnrecoverable()).toBe(false);
    });
  }

  test.each(PROTOCOLS)('%s: a cancelled request stops, and a stream is read to its end', async (protocol) => {
    const [asker, server] = await roles(broker, protocol);
    const { service, held, began, stopped } = labService(asService(broker, protocol, server));
    await using _service = await service.startup();
    const reports: string[] = [];
    const client = new IntersectClient({
      brokers: [plain(broker, protocol, asker)],
      onReport: ({ message }) => reports.push(message),
    });
    await using _client = await client.startup();
    const aborter = new AbortController();
    const holding = client.request(
      { ...question, operation: 'Lab.hold', payload: held },
      { signal: aborter.signal },
    );
    await began;
    aborter.abort();
    await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await stopped;
    const count = { ...question, operation: 'Lab.count', payload: null };
    expect(await client.stream(count).toArray()).toHaveLength(200);
    expect(reports).toEqual([]);
  });

  test.each(PROTOCOLS)(
    "%s: without the right to write to services' response channels a cancel ends the wait, and streams come as one answer",
    async (protocol) => {
      const [, server] = await roles(broker, protocol);
      const asker = { username: `mute-${protocol}`, password: 'mute' };
      const { read } = clientTopics();
      const topics = { read, write: '^org\\.fac\\.[^.]+\\.[^.]+\\.[^.]+\\.request$' };
      await broker.addUser(asker, { ...CLIENT[protocol], topics });
      const { service, held, began } = labService(asService(broker, protocol, server));
      await using _service = await service.startup();
      const reports: Report[] = [];
      const client = new IntersectClient({
        brokers: [plain(broker, protocol, asker)],
        onReport: (report) => reports.push(report),
      });
      await using _client = await client.startup();
      const aborter = new AbortController();
      const hold = { ...question, operation: 'Lab.hold', payload: held };
      const holding = client.request(hold, { signal: aborter.signal });
      await began;
      aborter.abort();
      await expect(holding).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
      await expect.poll(() => reports).toMatchObject([{ kind: 'publish-failed', code: 'PUBLISH_REFUSED' }]);
      expect(reports[0]?.message).toContain('org/fac/sys/-/lab/response');
      const count = { ...question, operation: 'Lab.count', payload: null };
      expect(await client.stream(count).toArray()).toHaveLength(200);
      expect(reports).toHaveLength(1);
    },
  );

  test.each(PROTOCOLS)('%s: a service that listens to another one', async (protocol) => {
    const listener = { username: `listener-${protocol}`, password: 'listener' };
    await broker.addUser(listener, LISTENER[protocol]);
    const [, server] = await roles(broker, protocol);
    const { service, tick } = labService(asService(broker, protocol, server));
    await using _service = await service.startup();
    const heard: unknown[] = [];
    const reports: string[] = [];
    const ear = defineCapability({ name: 'Ear', operations: { rest: {} } }).implement({ rest: () => {} });
    const listening = new IntersectService([ear], {
      hierarchy: { ...HIERARCHY, service: 'ear' },
      brokers: [asService(broker, protocol, listener)],
      onReport: ({ message }) => reports.push(message),
    });
    const tickEvent = { hierarchy: ADDRESS, capabilityName: 'Lab', eventName: 'tick' };
    await listening.registerEvent(tickEvent, ({ payload }) => void heard.push(payload));
    await using _listening = await listening.startup();
    await tick();
    await expect.poll(() => heard).toEqual([1]);
    // What it may not hear is refused by name.
    const secret = { ...tickEvent, hierarchy: 'secret.fac.sys.-.vault' };
    await expect(listening.registerEvent(secret, () => {})).rejects.toMatchObject({
      code: 'SUBSCRIBE_REFUSED',
      message: expect.stringContaining('secret/fac/sys/-/vault/events/Lab/tick'),
    });
    expect(reports).toEqual([]);
  });
});

describe("another client's answers", () => {
  const OWN_ANSWERS = '^tmp-\\.tmp-\\.{username}\\.-\\.tmp-[0-9a-f-]+\\.response$';

  /** Two clients of one broker; the second listens where the answers of the first come in. */
  async function eavesdrop(protocol: Protocol, topics: NonNullable<Permissions['topics']>): Promise<unknown> {
    const kind = topics.read.includes('{username}') ? 'own' : 'any';
    const users = ['alice', 'eve'].map((name) => ({
      username: `${name}-${kind}-${protocol.toLowerCase()}`,
      password: name,
    }));
    for (const user of users) await broker.addUser(user, { ...CLIENT[protocol], topics });
    const [alice, eve] = users as [User, User];
    await using _service = await labService(asService(broker, protocol, broker.rabbitmq)).service.startup();
    const clientOf = (user: User): IntersectClient =>
      new IntersectClient({ system: user.username, brokers: [plain(broker, protocol, user)] });
    await using asker = await clientOf(alice).startup();
    await using other = await clientOf(eve).startup();
    // Each gets the answers to its own requests.
    for (const client of [asker, other]) expect(await client.request(question)).toBe('hello');
    await using spy = plain(broker, protocol, eve);
    const session = { id: `intersect-${crypto.randomUUID()}`, keepForMs: 60_000, keepAfterClose: false };
    await spy.connect({ session });
    let overhear: (text: string) => void = () => {};
    const overheard = new Promise<string>((resolve) => {
      overhear = resolve;
    });
    await spy.subscribe(
      `${asker.address.replaceAll('.', '/')}/response`,
      ({ payload }) => overhear(new TextDecoder().decode(payload)),
      { retention: 'session' },
    );
    await asker.request(question);
    return await overheard;
  }

  test.each(PROTOCOLS)(
    '%s: one that knows its address can read them where all share a pattern',
    async (protocol) => {
      const { write } = clientTopics();
      const read = '^tmp-\\.tmp-\\.[^.]+\\.-\\.tmp-[0-9a-f-]+\\.response$';
      expect(await eavesdrop(protocol, { write, read })).toBe('"hello"');
    },
  );

  test.each(PROTOCOLS)(
    '%s: none can, with the user name in the pattern and in the address',
    async (protocol) => {
      const { write } = clientTopics();
      await expect(eavesdrop(protocol, { write, read: OWN_ANSWERS })).rejects.toMatchObject({
        code: 'SUBSCRIBE_REFUSED',
      });
    },
  );
});
