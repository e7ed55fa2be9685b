// What the gateway and its store say to each other over HTTP.

/** Below the gateway's own path. `GET` and `HEAD` read, `PUT` stores, `DELETE` deletes. */
export const OBJECT_PATH = '/object';
/** `POST` begins an upload in parts; below its id `PUT` takes a part, `POST` ends it, `DELETE` gives it up. */
export const UPLOADS_PATH = '/uploads';

/** Only the last part of an upload may have fewer bytes, and none more. S3 takes no smaller ones. */
export const PART_BYTES = 5 * 1024 * 1024;

/** The names of what stands in the query. */
export const QUERY = {
  url: 'url',
  bucket: 'bucket',
  objectId: 'object_id',
  key: 'key',
  size: 'size',
  part: 'part',
} as const;

/** What the gateway says of itself. */
export interface GatewayFacts {
  /** Of the store that data are put into, as it stands in pointers. */
  readonly url: string;
  /** All other URLs of pointers that the gateway can follow. */
  readonly alsoKnownAs: readonly string[];
  readonly maxDataBytes: number;
  readonly partBytes: number;
}

/** What the gateway answers where it can't do what was asked. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}
