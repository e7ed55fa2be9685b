import { ConfigError } from '@intersect-sdk/core';
import { MAX_DATA_BYTES } from '../ask/intake-limits.js';
import { DataPlane } from './data-plane.js';

/** For a program without data stores: what lies in one is refused, with the reason. */
export function noDataStores(owner: string): DataPlane {
  return new DataPlane({
    owner,
    dataStores: [],
    storeFor: () => Promise.reject(new ConfigError('This program has no data store', [])),
    maxDataBytes: MAX_DATA_BYTES,
    offloadAboveBytes: undefined,
    keepData: false,
    waitMs: 0,
    report: () => {},
  });
}
