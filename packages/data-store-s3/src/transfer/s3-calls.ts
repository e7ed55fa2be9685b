import { DataError } from '@intersect-sdk/core';
import { untilAborted } from '@intersect-sdk/core/internal';
import { AwsV4Signer } from 'aws4fetch';
import { sender } from '#send';
import type { Place } from '../names/places.js';
import type { ResolvedS3StoreOptions, S3Credentials } from '../options.js';
import { errorOfConnection } from './faults.js';
import type { PieceReader, Send, StoreAnswer } from './send.js';
import { StallWatch } from './stall-watch.js';

export interface S3Request {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly bucket: string;
  /** Without one the request is for the bucket. */
  readonly objectId?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string | PieceReader;
}

/** Signs requests and sends them to the one store that the options name, and to nothing else. */
export class S3Calls {
  readonly #options: ResolvedS3StoreOptions;
  readonly #send: Send;
  #asked: S3Credentials | undefined;
  /** Keys that are made of the password, kept by the signer. */
  #keys = new Map<string, ArrayBuffer>();
  #generation = 0;

  constructor(options: ResolvedS3StoreOptions) {
    this.#options = options;
    this.#send = sender(options.ca);
  }

  /** Another number when other credentials were given than before. */
  get generation(): number {
    return this.#generation;
  }

  /** Watches one call of the program, which can be several requests. */
  watch(doing: string, signal: AbortSignal): StallWatch {
    const { url, stallTimeoutMs: timeoutMs } = this.#options;
    return new StallWatch({ what: `${doing} ${url}`, timeoutMs, signal });
  }

  /** Resolves with whatever the store answers. Throws DATA_STORE_AWAY where it does not, ABORTED, or DATA_STORE_REFUSED without credentials. */
  async send(request: S3Request, watch: StallWatch): Promise<StoreAnswer> {
    try {
      if (watch.signal.aborted) throw watch.signal.reason;
      const signer = this.#signer(request, await this.#credentials(watch));
      const { url, headers } = await signer.sign();
      watch.begin();
      return await this.#send({ method: request.method, url, headers, body: request.body }, watch);
    } catch (error) {
      throw errorOfConnection(error, watch);
    } finally {
      watch.pause();
    }
  }

  /** The URL of an object with the right to read it for this time. */
  async presigned({ bucket, objectId }: Place, watch: StallWatch, expiresInS: number): Promise<string> {
    const query = { 'X-Amz-Expires': String(expiresInS) };
    const request = { method: 'GET', bucket, objectId, query } as const;
    const signer = this.#signer(request, await this.#credentials(watch), true);
    return (await signer.sign()).url.href;
  }

  #signer(request: S3Request, credentials: S3Credentials, signQuery = false): AwsV4Signer {
    const { username, password, sessionToken } = credentials;
    return new AwsV4Signer({
      method: request.method,
      url: this.#urlOf(request),
      headers: { ...request.headers },
      accessKeyId: username,
      secretAccessKey: password,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 's3',
      region: this.#options.region,
      cache: this.#keys,
      signQuery,
    });
  }

  #urlOf({ bucket, objectId = '', query = {} }: S3Request): string {
    const url = new URL(this.#options.url);
    if (this.#options.addressing === 'path') {
      url.pathname = objectId === '' ? `/${bucket}` : `/${bucket}/${objectId}`;
    } else {
      url.hostname = `${bucket}.${url.hostname}`;
      url.pathname = `/${objectId}`;
    }
    url.search = new URLSearchParams(query).toString();
    return url.href;
  }

  async #credentials(watch: StallWatch): Promise<S3Credentials> {
    watch.begin();
    let given: S3Credentials;
    try {
      given = await untilAborted(Promise.resolve(this.#options.credentials()), watch.what, watch.signal);
    } catch (cause) {
      if (watch.signal.aborted) throw watch.signal.reason;
      const text = `${watch.what}: credentials() threw, so the store was not asked.`;
      throw new DataError('DATA_STORE_AWAY', text, { cause });
    } finally {
      watch.pause();
    }
    if (typeof given?.username !== 'string' || typeof given.password !== 'string') {
      const text = `${watch.what}: credentials() must give { username, password }, both of them text.`;
      throw new DataError('DATA_STORE_REFUSED', text);
    }
    if (given.username !== this.#asked?.username || given.password !== this.#asked.password) {
      this.#generation++;
      this.#keys = new Map();
    }
    this.#asked = given;
    return given;
  }
}
