import { type CodesOf, TransportError } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { askCredentials, HostRotation, type ResolvedHost, readHosts } from '../../../src/endpoint.js';
import { issuesOf, reading } from './reading.js';

const read = (input: object) => reading(input, (fields) => readHosts(fields, { port: 7 }));
const issues = (input: object) => issuesOf(input, (fields) => readHosts(fields, { port: 7 }));

describe('reading hosts', () => {
  test.each([
    [{}, [{ host: '127.0.0.1', port: 7 }]],
    [{ host: 'b', port: 1 }, [{ host: 'b', port: 1 }]],
    [{ host: 'fe80::1%eth0' }, [{ host: 'fe80::1%eth0', port: 7 }]],
    [
      { hosts: ['a', { host: 'b', port: 2 }, { host: '::1' }], port: 5 },
      [
        { host: 'a', port: 5 },
        { host: 'b', port: 2 },
        { host: '::1', port: 5 },
      ],
    ],
  ])('%j', (given, hosts) => {
    expect(read(given)).toEqual(hosts);
  });

  test.each([
    'amqp://u:SECRET@broker',
    'u:SECRET@broker',
    'SECRET@broker',
    'broker?password=SECRET',
    'broker#SECRET',
    'broker:1883',
    'broker/SECRET',
    'broker\\SECRET',
    'bro ker',
    '',
  ])('a host is a host, and %j is none; it is not repeated', (host) => {
    const found = issues({ hosts: [host] });
    expect(Object.keys(found)).toEqual(['hosts[0].host']);
    expect(Object.keys(issues({ host }))).toEqual(['host']);
    expect(JSON.stringify(found)).not.toContain('SECRET');
  });

  test.each([
    [{ hosts: [] }, 'hosts'],
    [{ hosts: 'a' }, 'hosts'],
    [{ hosts: ['a'], host: 'b' }, 'host'],
    [{ hosts: [{ host: 'a', weight: 1 }] }, 'hosts[0].weight'],
    [{ hosts: [{ port: 1 }] }, 'hosts[0].host'],
    [{ hosts: [3] }, 'hosts[0]'],
    [{ port: 0 }, 'port'],
    [{ port: 65_536 }, 'port'],
  ])('%j', (given, path) => {
    expect(Object.keys(issues(given))).toContain(path);
  });
});

describe('trying hosts', () => {
  const hosts = ['a', 'b', 'c'].map((host) => ({ host, port: 1 }));
  const fault = (code: CodesOf<'TransportError'>) => new TransportError(code, `It was ${code}.`);

  function opening(...ends: (TransportError | undefined)[]) {
    const tried: string[] = [];
    const open = async ({ host }: ResolvedHost): Promise<string> => {
      tried.push(host);
      const end = ends.shift();
      if (end) throw end;
      return host;
    };
    return { tried, open };
  }

  test('each once, beginning with the one after the host that was tried last', async () => {
    const rotation = new HostRotation(hosts);
    const lost = fault('CONNECTION_LOST');
    const { tried, open } = opening(lost, undefined, undefined, lost, lost, lost, undefined);
    expect(await rotation.firstToOpen(open)).toBe('b');
    expect(await rotation.firstToOpen(open)).toBe('c');
    await expect(rotation.firstToOpen(open)).rejects.toThrow('None of 3 hosts');
    expect(await rotation.firstToOpen(open)).toBe('a');
    expect(tried).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a']);
  });

  test('a search that begins while another is under way tries each once too', async () => {
    const rotation = new HostRotation(hosts);
    const first: string[] = [];
    const second: string[] = [];
    const failInto = (tried: string[]) => async (host: ResolvedHost) => {
      tried.push(host.host);
      throw fault('CONNECT_REFUSED');
    };
    await Promise.allSettled([rotation.firstToOpen(failInto(first)), rotation.firstToOpen(failInto(second))]);
    expect([first.sort(), second.sort()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  test('when none can be used, one error names all, and another try can help if it can with one', async () => {
    const { open } = opening(fault('PROTOCOL_REFUSED'), fault('HOST_UNKNOWN'), fault('TLS_REFUSED'));
    await expect(new HostRotation(hosts).firstToOpen(open)).rejects.toMatchObject({
      code: 'HOST_UNKNOWN',
      retryable: true,
      message:
        'None of 3 hosts could be used. It was PROTOCOL_REFUSED. It was HOST_UNKNOWN. It was TLS_REFUSED.',
      cause: { errors: [{ code: 'PROTOCOL_REFUSED' }, { code: 'HOST_UNKNOWN' }, { code: 'TLS_REFUSED' }] },
    });
  });

  test('the error of a single host stays as it is', async () => {
    const error = fault('HOST_UNKNOWN');
    const { open } = opening(error);
    await expect(new HostRotation(hosts.slice(0, 1)).firstToOpen(open)).rejects.toBe(error);
  });

  test.each([fault('ABORTED'), fault('AUTH_REFUSED'), new Error('a bug')])(
    'what is not about the host ends the search: %s',
    async (error) => {
      const { tried, open } = opening(error as TransportError);
      await expect(new HostRotation(hosts).firstToOpen(open)).rejects.toBe(error);
      expect(tried).toEqual(['a']);
    },
  );

  test('credentials that cannot be had are asked for once, not once for each host', async () => {
    let asked = 0;
    const credentials = (): never => {
      asked++;
      throw new Error('the vault is locked');
    };
    const { signal } = new AbortController();
    const open = ({ host }: ResolvedHost) =>
      askCredentials(credentials, { broker: host, timeoutMs: 1_000, signal });
    await expect(new HostRotation(hosts).firstToOpen(open)).rejects.toMatchObject({
      code: 'CONNECT_REFUSED',
      message: expect.stringContaining('`credentials` failed'),
    });
    expect(asked).toBe(1);
  });
});
