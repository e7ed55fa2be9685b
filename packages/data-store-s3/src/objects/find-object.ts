import type { Place } from '../names/places.js';
import { base64ToHex, sha256OfStream } from '../transfer/checksum.js';
import { errorOf, isOfAbsence, refusalOf } from '../transfer/faults.js';
import { wholeBody } from '../transfer/incoming.js';
import type { S3Calls } from '../transfer/s3-calls.js';
import type { StoreAnswer } from '../transfer/send.js';
import type { StallWatch } from '../transfer/stall-watch.js';

/**
 * Stands beside every object that was sent as a stream. versitygw keeps what came of a request whose connection ended early, as if it were
 * the whole: by this it is seen to be a part.
 */
export const SIZE_HEADER = 'x-amz-meta-intersect-size';

export type FoundObject =
  | {
      readonly isWhole: true;
      readonly size: number;
      /** In hex. */
      readonly sha256: string;
    }
  | { readonly isWhole: false };

/** What lies at this place; undefined when nothing does. Reads it through where the store knows no checksum of it. */
export async function findObject(
  calls: S3Calls,
  place: Place,
  watch: StallWatch,
): Promise<FoundObject | undefined> {
  const headers = { 'x-amz-checksum-mode': 'ENABLED' };
  const answer = await calls.send({ method: 'HEAD', ...place, headers }, watch);
  const refusal = await refusalOf(answer, watch);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw errorOf(refusal, watch.what);
  if (!isWhole(answer)) return { isWhole: false };
  const size = sizeOf(answer);
  const sha256 = base64ToHex(answer.headers.get('x-amz-checksum-sha256'));
  if (sha256 !== undefined && size !== undefined) return { isWhole: true, sha256, size };
  // The end of the body ends its watch, and the other one is still needed.
  const own = watch.beside();
  try {
    const whole = await calls.send({ method: 'GET', ...place }, own);
    if (whole.ok) {
      const body = wholeBody(whole, { watch: own, size: sizeOf(whole) });
      return { isWhole: true, ...(await sha256OfStream(body)) };
    }
    const error = errorOf(await refusalOf(whole, own), own.what);
    if (isOfAbsence(error)) return undefined;
    throw error;
  } finally {
    own.end();
  }
}

/** What an answer says of the size of its body, or of the one that it would have. */
export function sizeOf({ headers }: StoreAnswer): number | undefined {
  // A body that was encoded on its way has another size when it comes out.
  if (headers.has('content-encoding')) return undefined;
  const text = headers.get('content-length');
  return text === null ? undefined : Number(text);
}

/** False for an object that is known to be a part of what was sent. */
export function isWhole(answer: StoreAnswer): boolean {
  const sent = answer.headers.get(SIZE_HEADER);
  const size = sizeOf(answer);
  return sent === null || size === undefined || Number(sent) === size;
}
