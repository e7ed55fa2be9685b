// The library finds its parts by it.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A private authority that signs certificates; made anew for each test. */
export interface Authority {
  readonly ca: string;
  /** A certificate of a broker for these names. */
  server(names: readonly string[], validity?: Validity): Promise<Identity>;
  /** A certificate of a client. */
  client(name: string): Promise<Identity>;
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 3_600_000;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

x509.cryptoProvider.set(crypto);

export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...aroundToday(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const sign = async (
    subject: string,
    extensions: x509.Extension[],
    validity: Validity,
  ): Promise<Identity> => {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity,
      subject: `CN=${subject}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [new x509.BasicConstraintsExtension(false, undefined, true), ...extensions],
    });
    return { cert: certificate.toString('pem'), key: await pemOf(own.privateKey) };
  };
  return {
    ca: root.toString('pem'),
    server: (names, validity = aroundToday()) =>
      sign(
        names[0] ?? 'nobody',
        [
          new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
        ],
        validity,
      ),
    client: (subject) => sign(subject, [new x509.ExtendedKeyUsageExtension([CLIENT_AUTH])], aroundToday()),
  };
}

function aroundToday(): Validity {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY');
}
