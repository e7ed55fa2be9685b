import type { Place } from '../names/places.js';
import { base64ToHex, sha256OfStream } from '../transfer/checksum.js';
import { errorOf, refusalOf } from '../transfer/faults.js';
import { wholeBody } from '../transfer/incoming.js';
import type { S3Calls } from '../transfer/s3-calls.js';
import type { StallWatch } from '../transfer/stall-watch.js';

export interface FoundObject {
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** What lies at this place; undefined when nothing does. Reads it through where the store knows no checksum of it. */
export async function findObject(
  calls: S3Calls,
  place: Place,
  watch: StallWatch,
): Promise<FoundObject | undefined> {
  const headers = { 'x-amz-checksum-mode': 'ENABLED' };
  const answer = await calls.send({ method: 'HEAD', ...place, headers }, watch);
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw errorOf(await refusalOf(answer, watch), watch.what);
  const size = sizeOf(answer);
  const sha256 = base64ToHex(answer.headers.get('x-amz-checksum-sha256'));
  if (sha256 !== undefined && size !== undefined) return { sha256, size };
  const whole = await calls.send({ method: 'GET', ...place }, watch);
  if (whole.status === 404) return undefined;
  if (!whole.ok) throw errorOf(await refusalOf(whole, watch), watch.what);
  return sha256OfStream(wholeBody(whole, { watch, size: sizeOf(whole) }));
}

/** What an answer says of the size of its body, or of the one that it would have. */
export function sizeOf({ headers }: Response): number | undefined {
  // A body that was encoded on its way has another size when it comes out.
  if (headers.has('content-encoding')) return undefined;
  const text = headers.get('content-length');
  return text === null ? undefined : Number(text);
}
