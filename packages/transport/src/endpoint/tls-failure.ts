/**
 * The names that OpenSSL and Node give to what failed, without `ERR_SSL_` and the like, and what that means to the
 * person who reads it. The first that fits counts. The third sentence is for a proxy, where something else is to be done.
 */
const CAUSES: readonly (readonly [names: RegExp, sentence: string, ofProxy?: string])[] = [
  [
    /ALTNAME_INVALID|HOSTNAME_MISMATCH/,
    "the broker's certificate is made out to another name; connect by that name, or give it as tls.serverName.",
    "the proxy's certificate is made out to another name; name the proxy by that one.",
  ],
  [/^CERT_HAS_EXPIRED/, "the broker's certificate has expired; the broker needs a new one."],
  [
    /^CERT_NOT_YET_VALID/,
    "the broker's certificate is not valid yet; compare the clocks of this machine and of the broker's.",
  ],
  [/^CERT_REVOKED|^CRL_/, "the broker's certificate was revoked, or its list of revocations cannot be used."],
  [
    /SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY)|^CERT_UNTRUSTED|^INVALID_CA/,
    "the broker's certificate is signed by an authority that this program does not know; give that authority as tls.ca.",
    "the proxy's certificate is signed by an authority that this program does not know; give that authority as tls.ca, or in the file that NODE_EXTRA_CA_CERTS names.",
  ],
  [/^INVALID_PURPOSE/, "the broker's certificate is not made for a server."],
  [/TOO_WEAK|TOO_SMALL/, "the broker's certificate or keys are too weak to be accepted."],
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    'the broker wants a certificate of this program; give tls.cert and tls.key.',
    'the proxy wants a certificate of this program, and none can be given to a proxy.',
  ],
  [
    /ALERT_(?:BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_(?:UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)/,
    "the broker does not accept this program's certificate; check tls.cert, and that the broker knows who signed it.",
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY/,
    'the broker refused the handshake: it wants a certificate of this program (tls.cert and tls.key), or the two have no cipher in common.',
    'the proxy refused the handshake: it wants a certificate of this program, and none can be given to a proxy, or the two have no cipher in common.',
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS|INAPPROPRIATE_FALLBACK/,
    'the broker offers no version of TLS that this program accepts, which are 1.2 and later.',
  ],
  [
    /UNRECOGNIZED_NAME/,
    'the broker does not know itself by that name; give the right one as tls.serverName.',
    'the proxy does not know itself by that name; name it by the right one.',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE/,
    'what answers there does not speak TLS; is it the port with TLS?',
    'what answers there does not speak TLS; most proxies are reached by http://, also for brokers with TLS.',
  ],
  [/KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH/, 'tls.cert and tls.key do not belong together.'],
  [
    /BAD_DECRYPT|PASSPHRASE|PASSWORD|INTERRUPTED_OR_CANCELLED/,
    'tls.key is encrypted, and tls.passphrase is missing or wrong.',
  ],
  [
    /^(?:OSSL_)?(?:PEM_|ASN1_|DECODER_|UNSUPPORTED$|X509_)|NO_START_LINE|BAD_BASE64/,
    'tls.ca, tls.cert or tls.key cannot be read; they must be PEM.',
  ],
];

const UNEXPLAINED = 'check tls.ca, tls.cert and tls.key, and what the broker demands of those who connect.';

/** Names of Node's own TLS errors, of OpenSSL's, and of its verdicts on a certificate. */
const TLS_CODE =
  /^(?:ERR_(?:TLS|SSL|OSSL|MISSING_PASSPHRASE|CRYPTO)|EPROTO$|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|UNSPECIFIED$)/;

/**
 * Why TLS failed, for people: `TLS failed (CERT_HAS_EXPIRED): the broker's certificate has expired; ...`. Undefined for an error
 * that is not about TLS. It reads the code of the error alone, or OpenSSL's words where the code is a bare EPROTO. `what` is whose
 * certificate was looked at.
 */
export function tlsFailure(
  error: unknown,
  what: 'the broker' | 'the proxy' = 'the broker',
): string | undefined {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== 'string' || !TLS_CODE.test(code)) return undefined;
  const name =
    code === 'EPROTO' ? (nameIn(message) ?? code) : code.replace(/^ERR_(?:(?:TLS|SSL|OSSL)_)?/, '');
  const [, ofBroker = UNEXPLAINED, ofProxy] = CAUSES.find(([names]) => names.test(name)) ?? [];
  const sentence = what === 'the broker' ? ofBroker : (ofProxy ?? ofBroker.replaceAll('the broker', what));
  return `TLS failed (${code === 'EPROTO' ? name : code}): ${sentence}`;
}

/** `write EPROTO 80FC:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:...` */
function nameIn(message: unknown): string | undefined {
  const words = /:SSL routines:[^:]*:([^:]+):/.exec(String(message))?.[1];
  return words?.trim().toUpperCase().replaceAll(' ', '_');
}
