import type { UnclaimedData } from '@intersect-sdk/core';
import { isObjectId } from '@intersect-sdk/core/internal';
import { errorOf, isOfAbsence, refusalOf, textOf } from '../transfer/faults.js';
import type { S3Calls } from '../transfer/s3-calls.js';
import type { StallWatch } from '../transfer/stall-watch.js';

/** A page has at most 1000 objects, with names of at most 1024 bytes. */
const LONGEST_PAGE_BYTES = 4 * 1024 * 1024;

export interface UnclaimedOptions {
  readonly url: string;
  readonly bucket: string;
  readonly olderThanMs: number;
  readonly watch: StallWatch;
}

/** What lies in the bucket for longer than that, page by page. A bucket that is not there has nothing. */
export async function* unclaimedIn(
  calls: S3Calls,
  { url, bucket, olderThanMs, watch }: UnclaimedOptions,
): AsyncGenerator<UnclaimedData, void> {
  for (let token: string | undefined = ''; token !== undefined; ) {
    const query = { 'list-type': '2', ...(token !== '' && { 'continuation-token': token }) };
    const answer = await calls.send({ method: 'GET', bucket, query }, watch);
    if (!answer.ok) {
      const error = errorOf(await refusalOf(answer, watch), watch.what);
      if (isOfAbsence(error)) return;
      throw error;
    }
    // By the clock of the store, which says when an object came.
    const now = Date.parse(answer.headers.get('date') ?? '') || Date.now();
    const page = await textOf(answer, { watch, limit: LONGEST_PAGE_BYTES });
    for (const [, entry = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const objectId = fieldOf(entry, 'Key') ?? '';
      // The date of an answer is in whole seconds, so an object can seem to come from the future.
      const ageMs = Math.max(0, now - Date.parse(fieldOf(entry, 'LastModified') ?? ''));
      // What nobody could have put by this rule of names is not ours to list.
      if (!isObjectId(objectId) || !(ageMs >= olderThanMs)) continue;
      yield { url, bucket, objectId, ageMs, size: Number(fieldOf(entry, 'Size')) };
    }
    token = fieldOf(page, 'NextContinuationToken');
  }
}

function fieldOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(#\d+|lt|gt|quot|apos|amp);/g, (_, entity: string) => characterOf(entity));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function characterOf(entity: string): string {
  return ENTITIES[entity] ?? String.fromCodePoint(Number(entity.slice(1)));
}
