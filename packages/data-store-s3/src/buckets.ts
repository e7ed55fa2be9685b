import { isIntersectError, type Logger } from '@intersect-sdk/core';
import { sha256Of, untilAborted } from '@intersect-sdk/core/internal';
import type { ResolvedS3StoreOptions } from './options.js';
import { hexToBase64 } from './transfer/checksum.js';
import { errorOf, type Refusal, refusalOf } from './transfer/faults.js';
import type { S3Calls } from './transfer/s3-calls.js';
import type { StallWatch } from './transfer/stall-watch.js';

/** S3 answers so where the caller may write into a bucket, but may not ask about it. */
const NO_RIGHT = 'AccessDenied';
const OURS_ALREADY = 'BucketAlreadyOwnedByYou';
/** The region in which a bucket is made by a request without a body. */
const FIRST_REGION = 'us-east-1';

/** The buckets that data are put into. They are made where they are missing. */
export class Buckets {
  readonly #calls: S3Calls;
  readonly #options: ResolvedS3StoreOptions;
  readonly #logger: Logger;
  /** With which credentials a bucket was found, by its name. */
  readonly #found = new Map<string, number>();
  /** By the name of the bucket. */
  readonly #asking = new Map<string, Promise<void>>();
  #cannotExpire = false;

  constructor(calls: S3Calls, options: ResolvedS3StoreOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#logger = options.logger;
  }

  /**
   * Makes sure that the bucket is there, with a small request the first time, and when the credentials are other ones than before. That
   * a store refuses them is thus known before a large body is on its way: a store that refuses in the middle of it closes the connection,
   * and its answer is mostly lost.
   */
  async ready(bucket: string, watch: StallWatch): Promise<void> {
    while (this.#found.get(bucket) !== this.#calls.generation) {
      const other = this.#asking.get(bucket);
      if (other === undefined) await this.#askForAll(bucket, watch);
      else await answerFor(other, watch);
    }
  }

  /** One asks for all that need the bucket at once: some stores fail where it is made twice in one moment. */
  async #askForAll(bucket: string, watch: StallWatch): Promise<void> {
    const asking = this.ask(bucket, watch);
    this.#asking.set(bucket, asking);
    try {
      await asking;
    } finally {
      this.#asking.delete(bucket);
    }
  }

  /** As `ready`, but asks the store in any case. */
  async ask(bucket: string, watch: StallWatch): Promise<void> {
    const refusal = await this.#refusalOf(bucket, watch);
    if (refusal?.code === 'NoSuchBucket') await this.#make(bucket, watch);
    else if (refusal && refusal.code !== NO_RIGHT) throw errorOf(refusal, watch.what);
    this.#found.set(bucket, this.#calls.generation);
  }

  /** The bucket turned out to be missing. */
  forget(bucket: string): void {
    this.#found.delete(bucket);
  }

  /** Not HEAD: an answer without a body doesn't say whether the password is wrong, or only the right to ask is missing. */
  async #refusalOf(bucket: string, watch: StallWatch): Promise<Refusal | undefined> {
    const answer = await this.#calls.send({ method: 'GET', bucket, query: { location: '' } }, watch);
    const refusal = await refusalOf(answer, watch);
    return answer.ok ? undefined : refusal;
  }

  async #make(bucket: string, watch: StallWatch): Promise<void> {
    const { region } = this.#options;
    const xml =
      region === FIRST_REGION
        ? ''
        : `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${escaped(region)}</LocationConstraint></CreateBucketConfiguration>`;
    const headers = { 'x-amz-content-sha256': await sha256OfText(xml) };
    const body = xml === '' ? undefined : xml;
    const answer = await this.#calls.send(
      { method: 'PUT', bucket, headers, ...(body !== undefined && { body }) },
      watch,
    );
    const refusal = await refusalOf(answer, watch);
    // Another program of the same owner was faster. Some stores say so; versitygw fails where two come at the same moment.
    if (refusal.code === OURS_ALREADY) return;
    if (answer.status >= 500 && (await this.#refusalOf(bucket, watch)) === undefined) return;
    if (!answer.ok) throw errorOf(refusal, watch.what);
    await this.#letExpire(bucket, watch);
  }

  /** A bucket in which data stay for ever is better than none, so that this fails no call. */
  async #letExpire(bucket: string, watch: StallWatch): Promise<void> {
    const { expireAfterDays, url } = this.#options;
    const xml = `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>intersect-unclaimed</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><Expiration><Days>${expireAfterDays}</Days></Expiration></Rule></LifecycleConfiguration>`;
    const sha256 = await sha256OfText(xml);
    const headers = {
      'content-type': 'application/xml',
      'x-amz-content-sha256': sha256,
      'x-amz-sdk-checksum-algorithm': 'SHA256',
      'x-amz-checksum-sha256': hexToBase64(sha256),
    };
    const request = { method: 'PUT', bucket, query: { lifecycle: '' }, headers, body: xml } as const;
    const answer = await this.#calls.send(request, watch);
    const { status, code } = await refusalOf(answer, watch);
    if (answer.ok || this.#cannotExpire) return;
    this.#cannotExpire = true;
    this.#logger.warn(
      { store: url, bucket, status, code },
      'The data store takes no rule by which old data expire. Data that nobody reads stay there until they are deleted: unclaimed() lists them.',
    );
  }
}

/** What another call was answered. That it was stopped says nothing of the store. */
async function answerFor(other: Promise<void>, { what, signal }: StallWatch): Promise<void> {
  try {
    await untilAborted(other, what, signal);
  } catch (error) {
    if (signal.aborted || !isIntersectError(error) || error.code !== 'ABORTED') throw error;
  }
}

function sha256OfText(text: string): Promise<string> {
  return sha256Of(new TextEncoder().encode(text));
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
