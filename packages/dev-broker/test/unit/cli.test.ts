import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli-program.js';
import { startDevBroker } from '../../src/index.js';

interface Run {
  readonly output: { text: string; errors: string };
  readonly stop: AbortController;
  readonly exitCode: Promise<number>;
  /** Resolves when the program has said that it runs. */
  readonly started: Promise<void>;
}

function start(...args: string[]): Run {
  const output = { text: '', errors: '' };
  const stop = new AbortController();
  let exitCode: Promise<number> = Promise.resolve(0);
  const started = new Promise<void>((resolve) => {
    exitCode = runCli(args, {
      write: (text) => {
        output.text += text;
        if (text.includes('Ctrl-C')) resolve();
      },
      writeError: (text) => {
        output.errors += text;
      },
      signal: stop.signal,
    });
  });
  return { output, stop, exitCode, started };
}

test('it says where it listens, how to use it and what it is for, and stops on its signal', async () => {
  const run = start('--port', '0', '--websocket-port', '0');
  await run.started;
  expect(run.output.text).toContain('For development and tests only');
  const url = /mqtt:\/\/127\.0\.0\.1:\d+/.exec(run.output.text)?.[0] ?? '';
  const webSocketUrl = /ws:\/\/127\.0\.0\.1:\d+\//.exec(run.output.text)?.[0] ?? '';
  const shown = JSON.parse(/\{[^}]*\}/.exec(run.output.text)?.[0] ?? '') as {
    username: string;
    password: string;
  };
  for (const address of [url, webSocketUrl]) {
    const { username, password } = shown;
    const client = await connectAsync(address, {
      protocolVersion: 5,
      reconnectPeriod: 0,
      username,
      password,
    });
    await client.endAsync();
  }
  run.stop.abort();
  expect(await run.exitCode).toBe(0);
});

test('a password of your own is not printed', async () => {
  const run = start('--port', '0', '--password', 'swordfish');
  await run.started;
  run.stop.abort();
  await run.exitCode;
  expect(run.output.text).not.toContain('swordfish');
  expect(run.output.text).toContain('<the one you gave>');
});

test('--traffic prints a line for each event', async () => {
  const run = start('--port', '0', '--traffic');
  await run.started;
  const url = /mqtt:\S+/.exec(run.output.text)?.[0] ?? '';
  const login = { username: 'intersect_username', password: 'intersect_password', clientId: 'seen' } as const;
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...login });
  await client.publishAsync('a', 'the payload', { qos: 1 });
  await client.endAsync();
  run.stop.abort();
  await run.exitCode;
  expect(run.output.text).toContain('{"type":"published","clientId":"seen","topic":"a"');
  expect(run.output.text).not.toContain('the payload');
});

test.each([
  [['--nonsense'], /nonsense/],
  [['--port', 'many'], /port: must be a number, got NaN/],
  [['--port', ''], /port: must be a number, got NaN/],
])('%j ends with exit code 1 and says why', async (args, why) => {
  const run = start(...args);
  expect(await run.exitCode).toBe(1);
  expect(run.output.errors).toMatch(why);
});

test('a port in use ends with exit code 1 and says what to do', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const run = start('--port', `${broker.port}`);
  expect(await run.exitCode).toBe(1);
  expect(run.output.errors).toMatch(/is in use: choose another/);
});

test('--help names every option', async () => {
  const run = start('--help');
  expect(await run.exitCode).toBe(0);
  for (const option of ['host', 'port', 'websocket-port', 'origin', 'username', 'password', 'traffic']) {
    expect(run.output.text).toContain(`--${option}`);
  }
});
