import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectionFor } from '../../src/connect/connection.js';
import { brokersOfThisMachine } from '../../src/connect/usual-brokers.js';
import { emptyHome, run } from '../support/run-in-process.js';

const { signal } = new AbortController();

function fileOf(env: Record<string, string>, name: string): string {
  return join(env.INTERSECT_CONFIG_HOME ?? '', 'contexts', `${name}.json`);
}

async function brokerOf(env: Record<string, string>, choice = {}) {
  const { config, from } = await connectionFor(choice, { env, signal });
  const [broker] = config.brokers;
  return { ...broker, password: broker?.password, from };
}

describe('a context', () => {
  test('is a file that only its owner can read, and says where the password is', async () => {
    const env = emptyHome();
    const options = [
      '--broker',
      'amqp://lab.example:5673',
      '--username',
      'me',
      '--password-variable',
      'LAB_PASSWORD',
    ];
    const ran = await run(['context', 'add', 'lab', ...options, '--json'], { env });
    expect(ran.exit).toBe(0);
    expect(ran.json()).toMatchObject({ context: 'lab', inUse: true });
    const file = fileOf(env, 'lab');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      broker: 'amqp://lab.example:5673',
      username: 'me',
      password: { variable: 'LAB_PASSWORD' },
    });
    expect(readdirSync(join(env.INTERSECT_CONFIG_HOME ?? '', 'contexts')).sort()).toEqual([
      '.current',
      'lab.json',
    ]);
    expect(await brokerOf({ ...env, LAB_PASSWORD: 'secret' })).toMatchObject({
      protocol: 'amqp0.9.1',
      host: 'lab.example',
      port: 5673,
      username: 'me',
      password: 'secret',
      from: 'the context lab',
    });
  });

  test('takes its password from a command', async () => {
    const env = emptyHome();
    const command = "printf 'the password\\nmore'";
    await run(['context', 'add', 'lab', '--broker', 'mqtt://h', '--password-command', command], { env });
    expect(await brokerOf({ ...process.env, ...env } as Record<string, string>)).toMatchObject({
      password: 'the password',
    });
  });

  test.each([
    ['--password-variable', 'NOT_SET', 'the variable NOT_SET, which is not set'],
    ['--password-command', 'echo hidden; exit 3', 'command for the password failed (3): echo hidden; exit 3'],
    ['--password-command', 'true', 'command for the password wrote nothing: true'],
  ])('says what is wrong with its password: %s %s', async (option, value, sentence) => {
    const env = emptyHome();
    await run(['context', 'add', 'lab', '--broker', 'mqtt://h', option, value], { env });
    await expect(brokerOf(env)).rejects.toThrow(sentence);
  });

  test('never holds a password', async () => {
    const env = emptyHome();
    const ran = await run(['context', 'add', 'lab', '--broker', 'mqtt://me:hidden@h', '--json'], { env });
    expect(ran.exit).toBe(1);
    expect(ran.json()).toMatchObject({ error: { code: 'USAGE' } });
    expect(ran.stdout + ran.stderr).not.toContain('hidden');
    expect(await run(['context', 'list', '--json'], { env }).then(({ json }) => json())).toEqual({
      contexts: [],
    });
  });

  test('that others can write is not used, since it can name a command', async () => {
    const env = emptyHome();
    await run(['context', 'add', 'lab', '--broker', 'mqtt://h'], { env });
    chmodSync(fileOf(env, 'lab'), 0o622);
    await expect(brokerOf(env)).rejects.toThrow(`chmod 600 ${fileOf(env, 'lab')}`);
  });

  test.each([
    [['--broker', 'http://h'], 'INTERSECT_BROKER_URL'],
    [[], 'Give --broker or --config'],
    [['--broker', 'mqtt://h', '--config', 'f'], 'Give --broker or --config'],
    [['--config', 'f', '--username', 'me'], 'the file says who asks'],
    [['--broker', 'mqtt://h', '--password-variable', 'A', '--password-command', 'b'], 'one of them'],
    [['--config', '/nowhere.json'], 'there is no such file'],
  ])('that cannot be used is not made: %j', async (options, sentence) => {
    const env = emptyHome();
    const { exit, stderr } = await run(['context', 'add', 'lab', ...options], { env });
    expect(exit).toBe(1);
    expect(stderr).toContain(sentence);
    expect((await run(['context', 'list'], { env })).stdout).toBe('');
  });

  test.each(['..', '', '-x', 'a/b', 'a'.repeat(64)])('cannot be called %j', async (name) => {
    const { exit } = await run(['context', 'add', '--broker', 'mqtt://h', '--', name]);
    expect(exit).toBe(1);
  });

  test('can be a configuration file, also named from another folder', async () => {
    const env = emptyHome();
    await run(['context', 'add', 'first', '--broker', 'mqtt://h'], { env });
    const file = join(env.INTERSECT_CONFIG_HOME ?? '', 'lab.json');
    writeFileSync(
      file,
      JSON.stringify({ brokers: [{ protocol: 'mqtt5.0', username: 'u', password: 'p', port: 7 }] }),
    );
    expect((await run(['context', 'add', 'lab', '--config', file], { env })).exit).toBe(0);
    expect((await run(['context', 'use', 'lab'], { env })).exit).toBe(0);
    expect(await brokerOf(env)).toMatchObject({ port: 7, username: 'u' });
    expect((await run(['context', 'list'], { env })).stdout).toBe(`  first\tmqtt://h\n* lab\t${file}\n`);
  });

  test('that is not there is told with those that are', async () => {
    const env = emptyHome();
    await run(['context', 'add', 'lab', '--broker', 'mqtt://h'], { env });
    const { exit, stderr } = await run(['context', 'use', 'lap'], { env });
    expect(exit).toBe(1);
    expect(stderr).toContain("There is no context 'lap'; there are: lab");
  });
});

describe('which broker', () => {
  test('an option goes before the environment, that before the context in use', async () => {
    const env = emptyHome();
    await run(['context', 'add', 'lab', '--broker', 'mqtt://in-use'], { env });
    await run(['context', 'add', 'other', '--broker', 'mqtt://other'], { env });
    const host = async (more: Record<string, string>, choice = {}) =>
      (await brokerOf({ ...env, ...more }, choice)).host;
    const url = { INTERSECT_BROKER_URL: 'mqtt://a:b@by-url' };
    expect(await host({})).toBe('in-use');
    expect(await host({ INTERSECT_CONTEXT: 'other' })).toBe('other');
    expect(await host({ ...url, INTERSECT_CONTEXT: 'other' })).toBe('by-url');
    expect(await host(url, { context: 'other' })).toBe('other');
    expect(await host(url, { broker: 'mqtt://by-option' })).toBe('by-option');
  });

  test('a URL without a user is asked as the environment says, else as the examples do', async () => {
    const env = emptyHome();
    const choice = { broker: 'mqtt://h' };
    expect(await brokerOf(env, choice)).toMatchObject({
      username: 'intersect_username',
      password: 'intersect_password',
    });
    const user = { INTERSECT_BROKER_USERNAME: 'me', INTERSECT_BROKER_PASSWORD: 'mine' };
    expect(await brokerOf({ ...env, ...user }, choice)).toMatchObject({ username: 'me', password: 'mine' });
    expect(await brokerOf({ ...env, ...user }, { broker: 'mqtt://x:y@h' })).toMatchObject({
      username: 'x',
      password: 'y',
    });
  });

  test('two options that say it are one too many', async () => {
    await expect(brokerOf(emptyHome(), { broker: 'mqtt://h', context: 'lab' })).rejects.toThrow(
      'give one of them',
    );
  });

  test('those of this machine are found by their ports', async () => {
    await using broker = await (await import('@intersect-sdk/dev-broker')).startDevBroker({ port: 0 });
    const here = { protocol: 'mqtt5.0', port: Number(new URL(broker.url).port) } as const;
    expect(await brokersOfThisMachine([here, { protocol: 'amqp0.9.1', port: 1 }])).toEqual([here]);
  });
});
