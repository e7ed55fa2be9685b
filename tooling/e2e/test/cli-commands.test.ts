// Each command of the command line against a service of either SDK: on the embedded broker, and on RabbitMQ by both protocols.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { type CliPeer, ourPeer, pythonPeer } from './support/cli-peers.js';
import { type CliProgram, type CliRan, intersect, startIntersect } from './support/intersect.js';
import type { PythonBroker } from './support/python-program.js';
import { removeServiceQueues } from './support/queues.js';

const DIRECTORY_SERVICE = fileURLToPath(
  new URL('../../../apps/directory-service/dist/service.js', import.meta.url),
);
const PASSWORD_VARIABLE = 'LAB_PASSWORD';
/** What waits for something that never comes waits that long, and the test fails. */
const A_DAY = '24h';

interface Scene {
  readonly sdk: 'Python' | 'ours';
  readonly peer: CliPeer;
  /** Where files are kept from one row to the next. */
  readonly file: (name: string) => string;
  /** Where RabbitMQ's management interface is; undefined on another broker. */
  readonly managementUrl: string | undefined;
  readonly run: (...args: readonly string[]) => Promise<CliRan>;
  readonly start: (...args: readonly string[]) => CliProgram;
  /** As if nothing had been seen before. */
  readonly startAnew: (...args: readonly string[]) => CliProgram;
}

/** One after the other, so that what one command has seen the next one remembers. */
const ROWS: readonly (readonly [command: string, what: string, show: (scene: Scene) => Promise<void>])[] = [
  [
    'call',
    'a service that was never seen is answered by one command, and nothing is waited for',
    async ({ sdk, peer, run }) => {
      const ran = await run('call', peer.address, 'Probe.greet', '"you"', '--timeout', A_DAY);
      const checkedBy = { Python: null, ours: 'service' }[sdk];
      expect(ran.json()).toMatchObject({ answer: 'Hello, you!', checkedBy });
      const unchecked = `Not checked: the schema of ${peer.address} is not known (--check waits for it).\n`;
      expect(ran.stderr).toBe({ Python: unchecked, ours: '' }[sdk]);
      expect(ran.exit).toBe(0);
    },
  ],
  [
    'call',
    'an error is told in the words of the service',
    async ({ peer, run }) => {
      const ran = await run('call', peer.address, 'Probe.refuse', '"not today"');
      expect(ran.json()).toMatchObject({ error: { code: 'REMOTE_ERROR', exitCode: 5 } });
      expect(ran.stderr).toContain('not today');
      expect(ran.exit).toBe(5);
    },
  ],
  [
    'ping',
    'it is up',
    async ({ peer, run }) => {
      const ran = await run('ping', peer.address, '--timeout', A_DAY);
      expect(ran.json()).toMatchObject({ state: 'up', address: peer.address });
    },
  ],
  [
    'status',
    'what it says of its machine, and what it tells by itself',
    async ({ peer, run, start }) => {
      const { statuses } = (await run('status', peer.address, '--timeout', A_DAY)).json();
      expect(statuses).toMatchObject({ intersect_sdk: { uptime: expect.any(String) } });
      const waiting = start('status', peer.address, '--wait', '--timeout', A_DAY);
      const ran = await whileIt(waiting, peer.tell);
      expect(ran.json()).toMatchObject({
        from: expect.stringMatching(/service|lifecycle/),
        statuses: { intersect_sdk: {} },
      });
    },
  ],
  [
    'schema',
    'once it is told',
    async ({ sdk, peer, file, start }) => {
      const ran = await whileIt(start('schema', peer.address, '--timeout', A_DAY), peer.tell);
      const capabilities = { Probe: { endpoints: { greet: {}, sum_up: {}, reverse: {} } } };
      expect(ran.json()).toMatchObject({
        // Ours told it to the first call, which remembers it.
        from: { Python: 'lifecycle', ours: 'cache' }[sdk],
        schema: { info: { title: peer.address }, capabilities },
      });
      writeFileSync(file('schema.json'), JSON.stringify(ran.json().schema));
    },
  ],
  [
    'schema',
    'as AsyncAPI 3, and nothing is different from what was written down',
    async ({ peer, file, run }) => {
      const converted = await run('schema', peer.address, '--asyncapi3');
      expect(converted.json()).toMatchObject({ from: 'cache', schema: { asyncapi: '3.0.0' } });
      const compared = await run('schema', 'diff', peer.address, file('schema.json'));
      expect(compared.json()).toEqual({ isBreaking: false, changes: [] });
    },
  ],
  [
    'call',
    'what was seen is checked against',
    async ({ peer, run }) => {
      const refused = await run('call', peer.address, 'Probe.echo', '"no number"');
      expect(refused.json()).toMatchObject({ error: { code: 'SCHEMA_MISMATCH', exitCode: 6 } });
      const checked = await run('call', peer.address, 'Probe.echo', '5', '--check');
      expect(checked.json()).toMatchObject({ answer: 5, checkedBy: 'cache' });
    },
  ],
  [
    'call',
    'with --check, one that was never seen is waited for until it tells its schema, and nothing is sent that does not fit',
    async ({ sdk, peer, startAnew }) => {
      const args = ['call', peer.address, 'Probe.echo', '"no number"', '--check', '--timeout', A_DAY];
      const refused = await whileIt(startAnew(...args), peer.tell);
      expect(refused.json()).toMatchObject({ error: { code: 'SCHEMA_MISMATCH', exitCode: 6 } });
      const answered = await whileIt(startAnew(...args.with(3, '5')), peer.tell);
      expect(answered.json()).toMatchObject({
        answer: 5,
        checkedBy: { Python: 'lifecycle', ours: 'service' }[sdk],
      });
    },
  ],
  [
    'call',
    'bytes',
    async ({ peer, file, run }) => {
      writeFileSync(file('bytes'), Uint8Array.of(0, 128, 255));
      const ran = await run(
        'call',
        peer.address,
        'Probe.reverse',
        `@${file('bytes')}`,
        '--out',
        file('turned'),
      );
      expect(ran.json()).toMatchObject({ bytes: 3, contentType: 'application/octet-stream' });
      expect([...readFileSync(file('turned'))]).toEqual([255, 128, 0]);
    },
  ],
  [
    'codegen',
    'a contract is written, and is what would be written',
    async ({ peer, file, run }) => {
      const args = ['codegen', peer.address, '-o', file('contract.ts')];
      expect(await run(...args)).toMatchObject({ exit: 0 });
      expect(readFileSync(file('contract.ts'), 'utf8')).toMatch(
        /const Probe: [\s\S]*sum_up: [\s\S]*counted: /,
      );
      expect((await run(...args, '--check')).json()).toMatchObject({ isCurrent: true });
    },
  ],
  [
    'completion',
    'its address and its operations',
    async ({ peer, run }) => {
      const words = async (...given: string[]) => (await run('completion', 'words', '--', ...given)).stdout;
      expect(await words('call', peer.address.slice(0, 10))).toContain(peer.address);
      expect(await words('call', peer.address, 'Probe.su')).toBe('Probe.sum_up\n');
    },
  ],
  [
    'listen',
    'to it, and to all',
    async ({ peer, start }) => {
      const count = ['--count', '2'];
      const hear = (address: string) =>
        whileIt(start('listen', address, 'Probe.counted', ...count), peer.emit);
      const [one, all] = await Promise.all([hear(peer.address), hear('*')]);
      const event = { source: peer.address, event: 'Probe.counted', payload: 0 };
      expect(linesOf(one)).toMatchObject([event, event]);
      expect(linesOf(all).map((each) => each.event)).toEqual([event.event, event.event]);
    },
  ],
  [
    'services',
    'one that starts is seen',
    async ({ peer, managementUrl, run, start }) => {
      const management = managementUrl === undefined ? [] : ['--management', managementUrl];
      await using watching = start('services', '--watch', ...management);
      const isUp = (line: string) => line.includes(`"${peer.address}"`) && line.includes('"state":"up"');
      await whileIt(watching, peer.tell, watching.line(isUp));
      expect((await watching.stop()).exit).toBe(130);
      const listed = await run('services', '--wait', '1ms', ...management);
      expect(listed.json()).toEqual({ services: expect.any(Array) });
    },
  ],
  [
    'monitor',
    'its answers',
    async ({ peer, file, start }) => {
      const filter = ['--filter', 'kind=answer', 'operation=Probe.greet', `source=${peer.address}`];
      const monitor = start('monitor', ...filter, '--record', file('recorded'), '--count', '1');
      const ran = await whileIt(monitor, peer.greet);
      expect(ran.json()).toMatchObject({ kind: 'answer', source: peer.address, hasError: false });
      const { base64 } = JSON.parse(readFileSync(file('recorded'), 'utf8')) as { base64: string };
      expect(Buffer.from(base64, 'base64').toString()).toBe('"Hello, you!"');
    },
  ],
  [
    'mock',
    'of its document answers in its place',
    async ({ peer, file, run, start }) => {
      const address = `${peer.address}-mocked`;
      const document = JSON.parse(readFileSync(file('schema.json'), 'utf8')) as { info: object };
      writeFileSync(
        file('mocked.json'),
        JSON.stringify({ ...document, info: { ...document.info, title: address } }),
      );
      await using mock = start('mock', file('mocked.json'));
      await mock.line((line) => line.includes(address));
      const ran = await run('call', address, 'Probe.sum_up', '{"label":"a","values":[1]}', '--check');
      expect(ran.json()).toMatchObject({ answer: { count: expect.any(Number) }, checkedBy: 'service' });
    },
  ],
  [
    'doctor',
    'finds no fault that keeps them from meeting',
    async ({ managementUrl, run }) => {
      const management = managementUrl === undefined ? [] : ['--management', managementUrl];
      const { findings } = (await run('doctor', ...management)).json() as { findings: { level: string }[] };
      expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
      expect(findings).toContainEqual(expect.objectContaining({ level: 'ok' }));
    },
  ],
];

/** Does something again and again while a command runs: nobody tells when it has begun to look. */
async function whileIt<T = CliRan>(
  program: CliProgram,
  doing: () => Promise<unknown>,
  ended: Promise<T> = program.ended as Promise<T>,
): Promise<T> {
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) await Promise.race([over, Promise.all([doing(), breath()])]);
  return over;
}

function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

function linesOf({ stdout }: CliRan): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

interface Place {
  readonly broker: () => Promise<PythonBroker>;
  readonly transport: (broker: Omit<PythonBroker, 'protocol'>) => Transport;
  readonly managementUrl?: string;
  readonly cleanUp: (address: string) => Promise<void>;
}

function describeCommands(sdk: Scene['sdk'], place: Place, interpreter: string | undefined): void {
  describe(`a service of ${sdk === 'Python' ? 'the Python SDK' : 'this SDK'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
    let scene: Scene | undefined;
    beforeAll(async () => {
      const broker = await place.broker();
      const { url, username, password } = broker;
      const transport = () => place.transport({ url, username, password });
      const options = { home: folder, env: { [PASSWORD_VARIABLE]: password } };
      const made = await intersect(
        [
          ...['context', 'add', 'here', '--broker', url, '--username', username],
          ...['--password-variable', PASSWORD_VARIABLE, '--json'],
        ],
        options,
      );
      expect(made.json()).toMatchObject({ context: 'here', inUse: true });
      const peer =
        sdk === 'Python' ? await pythonPeer(interpreter ?? '', broker, transport) : await ourPeer(transport);
      scene = {
        sdk,
        peer,
        file: (name) => join(folder, name),
        managementUrl: place.managementUrl,
        run: (...args) => intersect([...args, ...(args[0] === 'completion' ? [] : ['--json'])], options),
        start: (...args) => startIntersect([...args, '--json'], options),
        startAnew(...args) {
          const cache = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
          const env = { ...options.env, INTERSECT_CACHE_HOME: cache };
          return startIntersect([...args, '--json'], { ...options, env });
        },
      };
    });
    afterAll(async () => {
      await scene?.peer[Symbol.asyncDispose]();
      if (scene) await place.cleanUp(scene.peer.address);
    });

    test.each(ROWS)('%s: %s', (_command, _what, show) => show(scene as Scene));
  });
}

describeWithBrokers(['python'], ({ python }) => {
  describe('on the embedded broker, as `intersect broker` starts it', () => {
    let broker: CliProgram;
    const home = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
    beforeAll(() => {
      broker = startIntersect(['broker', '--port', '0', '--json'], { home });
    });
    afterAll(async () => {
      expect((await broker.stop()).exit).toBe(130);
    });
    const place: Place = {
      broker: async () => ({
        protocol: 'mqtt5.0',
        url: (JSON.parse(await broker.line(() => true)) as { url: string }).url,
        username: 'intersect_username',
        password: 'intersect_password',
      }),
      transport: mqttTransport,
      cleanUp: async () => {},
    };
    describeCommands('Python', place, python.interpreter);
    describeCommands('ours', place, undefined);

    test('a directory that runs knows the schema of a service of the Python SDK, which is then checked against', async ({
      signal,
    }) => {
      const at = await place.broker();
      const { username, password } = at;
      const url = at.url.replace('://', `://${username}:${password}@`);
      await using directory = new Program(DIRECTORY_SERVICE, {
        name: 'directory',
        env: { INTERSECT_BROKER_URL: url },
      });
      await directory.line(/is ready/, signal);
      await using peer = await pythonPeer(python.interpreter, at, () => mqttTransport({ url }));
      // Each time as if it were the first one.
      const call = async (argument: string) => {
        const fresh = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
        const args = ['call', peer.address, 'Probe.echo', argument, '--broker', url, '--json'];
        return (await intersect(args, { home: fresh })).json();
      };
      const answered = { answer: 5, checkedBy: 'directory' };
      await expect.poll(() => call('5'), { timeout: 60_000 }).toMatchObject(answered);
      expect(await call('"no number"')).toMatchObject({ error: { code: 'SCHEMA_MISMATCH', exitCode: 6 } });
    });
  });
});

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
  const { username, password, mqttUrl, amqpUrl, managementUrl } = rabbitmq;
  const cleanUp = (address: string) => removeServiceQueues(rabbitmq, address);
  describe.each([
    ['MQTT', { protocol: 'mqtt5.0', url: mqttUrl, username, password }, mqttTransport],
    ['AMQP', { protocol: 'amqp0.9.1', url: amqpUrl, username, password }, amqpTransport],
  ] as const)('on RabbitMQ by %s', (_protocol, broker, transport) => {
    const place: Place = { broker: async () => broker, transport, managementUrl, cleanUp };
    describeCommands('Python', place, python.interpreter);
    describeCommands('ours', place, undefined);
  });
});

test('each command has a row', async () => {
  const home = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
  const { stdout } = await intersect(['--help'], { home });
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  // What the tests are built on: the broker that they are at, and the context that names it. The console's page has tests of its own.
  const shown = new Set([...ROWS.map(([command]) => command), 'broker', 'context', 'console']);
  expect(commands.filter((name) => !shown.has(name ?? ''))).toEqual([]);
  expect(commands.length).toBeGreaterThan(10);
});
