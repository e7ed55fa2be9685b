import { hierarchyOf, isAddress } from '@intersect-sdk/core';
import { bucketNameOf } from '@intersect-sdk/core/internal';

/** S3 allows dots, too; without them no address with a forgotten part is taken for a bucket. */
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** True for the address of a program and for the name of a bucket. */
export function isPlace(text: string): boolean {
  return isAddress(text) || BUCKET.test(text);
}

/** The bucket that an address has by the rule of every SDK (protocol section 8), or the one that is named. */
export function bucketOf(place: string): string {
  const hierarchy = hierarchyOf(place);
  return hierarchy ? bucketNameOf(hierarchy) : place;
}
