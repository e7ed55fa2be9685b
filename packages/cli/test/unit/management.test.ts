import { startDevBroker } from '@intersect-sdk/dev-broker';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { managementOf } from '../../src/connect/management.js';
import type { Finding } from '../../src/doctor/finding.js';
import { run } from '../support/run-in-process.js';

const broker = { username: 'ann', password: 'secret', vhost: 'lab' };

describe('the management interface that is sent the password', () => {
  test.each([
    ['127.0.0.1', 'http://127.0.0.1:15672'],
    ['127.8.9.1', 'http://127.8.9.1:15672'],
    ['localhost', 'http://localhost:15672'],
    ['::1', 'http://[::1]:15672'],
  ])('is the usual one of a broker on this machine: %s', (host, url) => {
    expect(managementOf({ ...broker, host }, undefined)).toEqual({ ...broker, url });
  });

  test.each(['broker.lab', '10.0.0.1', '127.0.0.1.evil.example', 'localhost.evil.example', '::2'])(
    'is none where nobody said where it is: %s',
    (host) => {
      expect(managementOf({ ...broker, host }, undefined)).toBeUndefined();
    },
  );

  test('may be reached without TLS on this machine', () => {
    for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])
      expect(managementOf({ ...broker, host: 'broker.lab' }, url)?.url).toBe(url);
  });

  test('is none of a broker on this machine that is not at a port of RabbitMQ: another one may be there', () => {
    expect(managementOf({ ...broker, host: '127.0.0.1', port: 41_234 }, undefined)).toBeUndefined();
    expect(managementOf({ ...broker, host: '127.0.0.1', port: 5672 }, undefined)).toBeDefined();
  });

  test('is the one that is given', () => {
    const host = 'broker.lab';
    expect(managementOf({ ...broker, host }, 'https://broker.lab:15671/')?.url).toBe(
      'https://broker.lab:15671',
    );
    expect(managementOf({ ...broker, host }, 'https://lab.example/rabbit/')?.url).toBe(
      'https://lab.example/rabbit',
    );
  });

  test.each([
    ['broker.lab:15672', 'must be a URL such as https://'],
    ['file:///etc/passwd', 'must be a URL such as https://'],
    [
      'http://broker.lab:15672',
      'in clear text: name it with https, or open `ssh -L 15672:127.0.0.1:15672 broker.lab`',
    ],
    ['http://localhost.evil.example', 'in clear text'],
    ['http://ann:secret@broker.lab:15672', 'must not hold a user or a password'],
  ])('is refused where it is none: %s', (given, sentence) => {
    expect(() => managementOf({ ...broker, host: '127.0.0.1' }, given)).toThrow(sentence);
    expect(() => managementOf({ ...broker, host: '127.0.0.1' }, given)).not.toThrow('secret');
  });
});

describe('the commands', () => {
  let asked: string[];
  beforeEach(() => {
    asked = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
      asked.push(String(url));
      return new Response(null, { status: 404 });
    });
  });
  afterEach(() => vi.restoreAllMocks());

  /** This machine, under a name of which nobody can tell that without asking. */
  async function elsewhere() {
    const broker = await startDevBroker({ port: 0 });
    return { broker, url: `mqtt://0.0.0.0:${broker.port}`, [Symbol.asyncDispose]: () => broker.stop() };
  }

  test('doctor sends the password to nobody by itself, and says what it did not look at', async () => {
    await using at = await elsewhere();
    const ran = await run(['doctor', '--broker', at.url, '--json']);
    const { findings } = ran.json() as { readonly findings: Finding[] };
    expect(findings.find(({ check }) => check === 'management')).toMatchObject({
      level: 'note',
      text: expect.stringContaining('were not looked at'),
      mend: 'intersect doctor --management https://0.0.0.0:15671',
    });
    expect(asked).toEqual([]);
  });

  test('doctor and services ask the one that is named', async () => {
    await using at = await elsewhere();
    const named = ['--broker', at.url, '--management', 'https://broker.lab:15671'];
    await run(['doctor', ...named]);
    await run(['services', '--wait', '10ms', ...named]);
    expect(asked).not.toEqual([]);
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set(['https://broker.lab:15671']));
  });

  test('services asks nobody by itself', async () => {
    await using at = await elsewhere();
    const ran = await run(['services', '--wait', '10ms', '--broker', at.url], { isTerminal: true });
    expect(ran.exit).toBe(0);
    expect(ran.stderr).toContain('nobody said where it is');
    expect(asked).toEqual([]);
  });

  test.each(['doctor', 'services', 'console'])('%s refuses plain http over a network', async (command) => {
    await using at = await elsewhere();
    const ran = await run([command, '--broker', at.url, '--management', 'http://broker.lab:15672']);
    expect(ran).toMatchObject({ exit: 1, stderr: expect.stringContaining('in clear text') });
    expect(asked).toEqual([]);
  });
});
