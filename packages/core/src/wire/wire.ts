import { type Addresses, addressesOf } from './addresses.js';
import { type Channels, channelsOf } from './channels.js';
import { type Compatibility, compatibilityOf } from './compatibility.js';
import { type FurtherHeaderRules, furtherHeaderRules } from './headers/further-headers.js';
import { type Headers, headersOf } from './headers/headers.js';
import { VERSION_0_9 } from './version-0-9.js';
import type { WireVersion } from './wire-version.js';

/**
 * One version of the protocol, ready to be used: where messages go and what their headers say. A client or service chooses one and
 * hands it to everything below.
 */
export interface Wire extends Addresses, Channels, Headers, FurtherHeaderRules, Compatibility {
  /** Goes out as the header `sdk_version`. */
  readonly version: string;
}

export function createWire(version: WireVersion): Wire {
  return {
    version: version.version,
    ...addressesOf(version),
    ...channelsOf(version),
    ...headersOf(version),
    ...furtherHeaderRules(version),
    ...compatibilityOf(version),
  };
}

/** The wire that every client and service of this SDK speaks. */
export const WIRE_0_9: Wire = /* @__PURE__ */ createWire(VERSION_0_9);

/**
 * Not an option that users have: there is one version to choose. Registered, so that the ESM and the CJS build know each other's.
 */
const WIRE: unique symbol = Symbol.for('intersect-sdk.wire') as never;

/** A copy of the options of a client, a service or a schema document that makes it speak this wire. */
export function withWire<Options extends object>(options: Options, wire: Wire): Options {
  return { ...options, [WIRE]: wire };
}

/** The wire that the options choose; that of 0.9 unless `withWire` said otherwise. */
export function wireOf(options: unknown): Wire {
  return (options as { readonly [WIRE]?: Wire } | null | undefined)?.[WIRE] ?? WIRE_0_9;
}
