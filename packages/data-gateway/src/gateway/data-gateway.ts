import type { DataStore } from '@intersect-sdk/core';
import { Gate } from './gate.js';
import { type DataGatewayOptions, resolveGatewayOptions } from './options.js';

/** A function for any HTTP server that speaks in `Request` and `Response`. */
export interface DataGateway {
  /** Answers a request. Never rejects. */
  (request: Request): Promise<Response>;
  /** Ends the uploads in parts that are open, so that no part of them stays in a store, and refuses what comes from then on. */
  close(): Promise<void>;
}

/**
 * A gateway before data stores for web pages, which must not hold a store's secret: `gatewayStore` in a page puts and gets data by it. Whoever has
 * the token can put data in the name of `owner`, read and delete these, and what `readFrom` and `takeFrom` allow; pointers
 * that lead anywhere else are refused before a store is asked. Data stream through: no more of them is in memory than a part of
 * 5 MiB. Data are put into the first store and read from all. Throws ConfigError (CONFIG_INVALID) with everything that is
 * wrong with the options.
 */
export function dataGateway(stores: readonly DataStore[], options: DataGatewayOptions): DataGateway {
  const gate = new Gate(resolveGatewayOptions(stores, options));
  return Object.assign((request: Request) => gate.answer(request), { close: () => gate.close() });
}
