/** Where the measured services stand: one address for each contender, so that none takes another's requests. */

/** @param {string} service */
export function hierarchyOf(service) {
  return { organization: 'bench-org', facility: 'bench-fac', system: 'bench-sys', service };
}

/** @param {string} service */
export function addressOf(service) {
  return `bench-org.bench-fac.bench-sys.-.${service}`;
}

/** @param {string} address */
export function channelOf(address) {
  return address.replaceAll('.', '/');
}
