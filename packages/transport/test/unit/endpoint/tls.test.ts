import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readTls, tlsFailure } from '../../../src/endpoint.js';
import { issuesOf, reading } from './reading.js';

const plain = { name: 'amqp', tls: false };
const secure = { name: 'amqps', tls: true };

describe('reading', () => {
  test.each([
    [{}, undefined, undefined],
    [{ tls: false }, undefined, undefined],
    [{}, plain, undefined],
    [{ tls: false }, plain, undefined],
    [{}, secure, {}],
    [{ tls: true }, undefined, {}],
    [{ tls: true }, secure, {}],
    [{ tls: { ca: ['a', 'b'], serverName: 'n' } }, undefined, { ca: ['a', 'b'], serverName: 'n' }],
    [{ tls: { ca: new Uint8Array([1]), cert: 'c', key: 'k', passphrase: 's' } }, secure, { passphrase: 's' }],
  ])('%j with scheme %j', (given, scheme, expected) => {
    const tls = reading(given, (fields) => readTls(fields, scheme));
    if (expected) expect(tls).toMatchObject(expected);
    else expect(tls).toBeUndefined();
  });

  test.each([
    [{ tls: false }, secure, { tls: 'must not be false with amqps' }],
    [{ tls: true }, plain, { tls: 'needs amqps, not amqp' }],
    [{ tls: { cert: 'c' } }, undefined, { 'tls.key': 'is required with cert' }],
    [{ tls: { key: 'k' } }, undefined, { 'tls.cert': 'is required with key' }],
    [{ tls: { ca: '' } }, undefined, { 'tls.ca': 'must be PEM text or bytes, or a list of such' }],
    [{ tls: { ca: ['a', 3] } }, undefined, { 'tls.ca': 'must be PEM text or bytes, or a list of such' }],
    [{ tls: 'yes' }, undefined, { tls: 'must be an object, got string' }],
    [
      { tls: { rejectUnauthorized: false } },
      undefined,
      { 'tls.rejectUnauthorized': expect.stringContaining('is not a known field') },
    ],
  ])('%j with scheme %j is refused', (given, scheme, issues) => {
    expect(issuesOf(given, (fields) => readTls(fields, scheme))).toEqual(issues);
  });

  test('prints no key, also where it stands beside its certificate or comes as bytes', () => {
    const both = '-----BEGIN CERTIFICATE----- -----BEGIN PRIVATE KEY----- SECRET';
    const bytes = new TextEncoder().encode('SECRET');
    for (const tls of [
      { cert: 'c', key: 'SECRET', passphrase: 'SECRET' },
      { cert: both, key: both },
      { ca: [both], cert: bytes, key: bytes },
    ]) {
      const read = reading({ tls }, (fields) => readTls(fields));
      const printed = inspect({ read }, { depth: 9 }) + JSON.stringify(read);
      expect(printed).not.toContain('SECRET');
      expect(printed).not.toContain(`${bytes[0]}`);
    }
  });
});

describe('failing', () => {
  const said = (code: string) => tlsFailure({ code })?.replace(/^TLS failed \([A-Z0-9_]+\): /, '');

  test.each([
    [
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      'authority',
    ],
    [['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'], 'another name'],
    [['CERT_HAS_EXPIRED'], 'has expired'],
    [['CERT_NOT_YET_VALID'], 'not valid yet'],
    [['CERT_REVOKED'], 'revoked'],
    [['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'], 'give tls.cert and tls.key'],
    [['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'], 'does not accept'],
    [['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'], 'refused the handshake'],
    [['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL'], 'no version of TLS'],
    [['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'], 'does not speak TLS'],
    [['ERR_OSSL_X509_KEY_VALUES_MISMATCH'], 'do not belong together'],
    [['ERR_OSSL_BAD_DECRYPT'], 'passphrase'],
    [['ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_UNSUPPORTED'], 'PEM'],
    [['EPROTO', 'ERR_SSL_SOMETHING_NEW', 'PATH_LENGTH_EXCEEDED'], 'check tls.ca, tls.cert and tls.key'],
  ])('%j says: %s', (codes, words) => {
    const sentences = new Set(codes.map(said));
    expect(sentences.size).toBe(1);
    expect([...sentences][0]).toContain(words);
  });

  test('a bare EPROTO is explained by the words of OpenSSL', () => {
    const message =
      'write EPROTO 80FC:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../ssl/rec_layer_s3.c:1601:SSL alert number 116\n';
    expect(tlsFailure({ code: 'EPROTO', message })).toBe(
      'TLS failed (TLSV13_ALERT_CERTIFICATE_REQUIRED): the broker wants a certificate of this program; give tls.cert and tls.key.',
    );
  });

  test.each([{ code: 'ECONNREFUSED' }, { code: 'ENOTFOUND' }, { code: 135 }, new Error('x'), undefined])(
    '%o is not about TLS',
    (error) => {
      expect(tlsFailure(error)).toBeUndefined();
    },
  );
});
