import { ConfigError, hierarchyOf, type Issue, MessageError, newId } from '@intersect-sdk/core';
import {
  bucketNameOf,
  type DataPointer,
  isContentType,
  isDataKey,
  isObjectId,
} from '@intersect-sdk/core/internal';
import { extensionOf } from './extensions.js';

/** Where an object lies in a store. Both names consist of letters that mean nothing else in a URL. */
export interface Place {
  readonly bucket: string;
  readonly objectId: string;
}

/** What S3 allows, but for names that look like an address. */
export const BUCKET = /^(?![\d.]+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
export const BUCKET_HINT = 'must be 3 to 63 lower-case letters, digits, dots and hyphens';

const OBJECT_HINT = 'must be a name of letters, digits, dots, hyphens and underscores';

/** Where a pointer leads. Throws MessageError PAYLOAD_INVALID for one that could lead anywhere else than to an object in a bucket. */
export function placeOf({ bucket, objectId }: DataPointer): Place {
  const issues: Issue[] = [];
  if (typeof bucket !== 'string' || !BUCKET.test(bucket))
    issues.push({ path: 'minio_bucket', message: BUCKET_HINT });
  if (!isObjectId(objectId)) issues.push({ path: 'minio_object_id', message: OBJECT_HINT });
  if (issues.length === 0) return { bucket, objectId };
  throw new MessageError('PAYLOAD_INVALID', 'The pointer to the data cannot be used', { issues });
}

/** The bucket of a program, by the rule of every SDK (protocol section 8). Throws ConfigError for what is no address. */
export function bucketOf(owner: string): string {
  const hierarchy = hierarchyOf(owner);
  if (!hierarchy) throw refusal('owner', 'must be the address of the program that puts the data');
  return bucketNameOf(hierarchy);
}

interface NamedData {
  readonly key?: string | undefined;
  readonly contentType: string;
}

/** A new name for an object, or the one that the key gives. Throws ConfigError for what can't be part of a name. */
export function objectIdOf({ key, contentType }: NamedData): string {
  if (!isContentType(contentType)) throw refusal('contentType', 'must be a content type, such as image/png');
  if (key !== undefined && !isDataKey(key)) {
    throw refusal('key', 'must be up to 200 letters, digits, hyphens and underscores');
  }
  return (key ?? newId()) + extensionOf(contentType);
}

function refusal(path: string, message: string): ConfigError {
  return new ConfigError('The data cannot be stored', [{ path, message }]);
}
