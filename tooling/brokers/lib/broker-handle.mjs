/**
 * What a started broker is to those who use it. The public types are in `brokers.d.mts`.
 *
 * @typedef {import('../brokers.mjs').BrokerControl} BrokerControl
 * @typedef {import('./providers.mjs').BrokerProcess | import('./provider-stores.mjs').StoreProcess} BrokerProcess
 */

/**
 * Like spreading both, but with getters that stay alive.
 *
 * @template {object} E
 * @param {E} endpoints
 * @param {BrokerControl} controls
 * @returns {E & BrokerControl}
 */
export function handle(endpoints, controls) {
  return Object.defineProperties(
    /** @type {E & BrokerControl} */ ({ ...endpoints }),
    Object.getOwnPropertyDescriptors(controls),
  );
}

/**
 * @param {BrokerProcess} broker
 * @returns {BrokerControl}
 */
export function control(broker) {
  return {
    get pid() {
      return broker.pid;
    },
    ours: true,
    kill: () => broker.kill(),
    stop: () => broker.stop(),
    start: () => broker.start(),
    restart: async () => {
      await broker.stop();
      await broker.start();
    },
  };
}

/**
 * @template {string} N
 * @param {number} first
 * @param {readonly N[]} names
 * @returns {Record<N, number>}
 */
export function portsFrom(first, names) {
  return /** @type {Record<N, number>} */ (
    Object.fromEntries(names.map((name, index) => [name, first + index]))
  );
}
