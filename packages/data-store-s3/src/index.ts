export type {
  DataPointer,
  DataStore,
  DataStoreOptions,
  DataToPut,
  StoredData,
  StoredPointer,
  UnclaimedData,
  UnclaimedQuery,
} from '@intersect-sdk/core';
export { DataError } from '@intersect-sdk/core';
export type { S3Credentials, S3CredentialsSource, S3StoreOptions } from './options.js';
export type { Pem } from './pem.js';
export { type S3Store, s3Store } from './s3-store.js';
