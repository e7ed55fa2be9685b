import { describe, expect, test } from 'vitest';
import { managementOf } from '../../src/connect/management.js';

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
    ['http://ann:secret@broker.lab:15672', 'must not hold a user or a password'],
  ])('is refused where it is none: %s', (given, sentence) => {
    expect(() => managementOf({ ...broker, host: '127.0.0.1' }, given)).toThrow(sentence);
    expect(() => managementOf({ ...broker, host: '127.0.0.1' }, given)).not.toThrow('secret');
  });
});
