import { readFileSync } from 'node:fs';

const read = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** Made for these tests: an authority, and what it signed for the name `localhost`. */
export const certificates = { ca: read('ca.pem'), cert: read('localhost.pem'), key: read('localhost.key') };
