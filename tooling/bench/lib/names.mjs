// Where the measured services stand: one address for each contender, so that none takes another's requests.

const above = { organization: 'bench-org', facility: 'bench-fac', system: 'bench-sys' };

/** @param {string} service */
export function addressOf(service) {
  return `${Object.values(above).join('.')}.-.${service}`;
}

/** @param {string} address */
export function hierarchyOf(address) {
  return { ...above, service: address.slice(address.lastIndexOf('.') + 1) };
}

/** @param {string} address */
export function channelOf(address) {
  return address.replaceAll('.', '/');
}
