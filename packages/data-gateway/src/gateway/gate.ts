import { type GatewayFacts, OBJECT_PATH, PART_BYTES, QUERY, UPLOADS_PATH } from '../api.js';
import { passage } from '../passage.js';
import { Access } from './access.js';
import {
  dataAnswer,
  emptyAnswer,
  factsAnswer,
  pointerAnswer,
  preflightAnswer,
  problemAnswer,
  sealed,
  uploadAnswer,
} from './answers.js';
import type { ResolvedGatewayOptions } from './options.js';
import { numberOf, queryOf, sizeIn, toPut } from './question.js';
import { malformed, pageErrors, Refusal, refusalOf, tooLarge } from './refusal.js';
import { Uploads } from './uploads.js';

/** A request that has come through: it has the token. */
interface Admitted {
  readonly request: Request;
  readonly query: ReadonlyMap<string, string>;
  /** Of the upload that the path names. */
  readonly upload: string;
}

type Route = (admitted: Admitted) => Promise<Response>;

/** Answers the requests of pages. */
export class Gate {
  readonly #options: ResolvedGatewayOptions;
  readonly #access: Access;
  readonly #uploads: Uploads;
  #closed = false;

  readonly #routes: Readonly<Record<string, Route>> = {
    'GET ': async () => factsAnswer(this.#facts()),
    [`GET ${OBJECT_PATH}`]: (admitted) => this.#read(admitted),
    [`HEAD ${OBJECT_PATH}`]: (admitted) => this.#read(admitted),
    [`PUT ${OBJECT_PATH}`]: (admitted) => this.#put(admitted),
    [`DELETE ${OBJECT_PATH}`]: (admitted) => this.#delete(admitted),
    [`POST ${UPLOADS_PATH}`]: (admitted) => this.#begin(admitted),
    [`PUT ${UPLOADS_PATH}/`]: (admitted) => this.#part(admitted),
    [`POST ${UPLOADS_PATH}/`]: (admitted) => this.#complete(admitted),
    [`DELETE ${UPLOADS_PATH}/`]: (admitted) => this.#giveUp(admitted),
  };

  constructor(options: ResolvedGatewayOptions) {
    this.#options = options;
    this.#access = new Access(options);
    this.#uploads = new Uploads(options.maxUploads);
  }

  async answer(request: Request): Promise<Response> {
    const origin = this.#options.origins.find((each) => each === request.headers.get('origin'));
    try {
      return sealed(await this.#answer(request, origin !== undefined), origin);
    } catch (error) {
      const refusal = refusalOf(error, this.#options.logger);
      const { status, code } = refusal;
      this.#options.logger.debug({ status, code, method: request.method }, 'A request of a page was refused');
      return sealed(problemAnswer(refusal), origin);
    } finally {
      // What was not read by now is read by nobody.
      if (!request.body?.locked) request.body?.cancel().catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#uploads.close();
  }

  async #answer(request: Request, isFromListedOrigin: boolean): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const { path } = this.#options;
    if (pathname !== path && !pathname.startsWith(`${path}/`)) throw notHere(404);
    // A browser asks this without the token. A page of the gateway's own origin never asks it.
    if (request.method === 'OPTIONS') {
      if (isFromListedOrigin) return preflightAnswer();
      throw new Refusal(
        403,
        'DATA_STORE_REFUSED',
        "The data gateway's origins do not name this page's origin.",
      );
    }
    await this.#access.check(request);
    if (this.#closed) throw new Refusal(503, 'DATA_STORE_AWAY', 'The data gateway is closed.');
    const { place, upload } = placeIn(pathname.slice(path.length));
    const route = this.#routes[`${request.method} ${place}`];
    if (route) return await route({ request, query: queryOf(searchParams), upload });
    throw notHere(Object.keys(this.#routes).some((each) => each.endsWith(` ${place}`)) ? 405 : 404);
  }

  #facts(): GatewayFacts {
    const { stores, maxDataBytes } = this.#options;
    const [first] = stores;
    const all = stores.flatMap(({ url, alsoKnownAs = [] }) => [url, ...alsoKnownAs]);
    const alsoKnownAs = [...new Set(all)].filter((url) => url !== first.url);
    return { url: first.url, alsoKnownAs, maxDataBytes, partBytes: PART_BYTES };
  }

  async #read({ request: { method, signal }, query }: Admitted): Promise<Response> {
    const { store, pointer } = this.#access.target(query, 'read');
    const data = await store.get(pointer, { signal });
    if (method === 'HEAD') {
      await data.body.cancel();
      return dataAnswer(data, null);
    }
    const { stallTimeoutMs: readerMs, maxDataBytes } = this.#options;
    const errors = pageErrors(maxDataBytes);
    return dataAnswer(data, passage(data.body, { size: data.size, readerMs, signal, errors }));
  }

  async #delete({ request, query }: Admitted): Promise<Response> {
    const { store, pointer } = this.#access.target(query, 'delete');
    await store.delete(pointer, { signal: request.signal });
    return emptyAnswer();
  }

  async #put({ request, query }: Admitted): Promise<Response> {
    const [store] = this.#options.stores;
    const data = toPut(request, { ...this.#options, query, size: sizeIn(request.headers) });
    const put = new AbortController();
    const signal = AbortSignal.any([request.signal, put.signal]);
    try {
      const body = request.body
        ? this.#incoming(request.body, { size: data.size, signal })
        : new Uint8Array();
      return pointerAnswer(await store.put({ ...data, body }, { signal }));
    } finally {
      // Nobody reads the page's stream any more, where the store did not want all of it.
      put.abort();
    }
  }

  async #begin({ request, query }: Admitted): Promise<Response> {
    const { stores, maxDataBytes, stallTimeoutMs } = this.#options;
    const said = query.get(QUERY.size);
    const size = said === undefined ? undefined : numberOf(said, QUERY.size);
    const data = toPut(request, { ...this.#options, query, size });
    return uploadAnswer(this.#uploads.begin({ store: stores[0], data, maxDataBytes, stallTimeoutMs }));
  }

  async #part({ request, query, upload }: Admitted): Promise<Response> {
    const number = numberOf(query.get(QUERY.part) ?? '', QUERY.part);
    const size = sizeIn(request.headers);
    const { body, signal } = request;
    if (number === 0) throw malformed('Parts are counted from 1.');
    if (size === undefined) throw new Refusal(411, 'CONFIG_INVALID', 'A part needs a Content-Length.');
    if (size > PART_BYTES) throw tooLarge(PART_BYTES);
    if (!body || size === 0) throw malformed('A part must not be empty.');
    const read = async (): Promise<Uint8Array> =>
      new Uint8Array(await new Response(this.#incoming(body, { size, signal }) as BodyInit).arrayBuffer());
    const stored = await this.#uploads.with(upload, (each) => each.part(number, read));
    return stored ? pointerAnswer(stored) : emptyAnswer();
  }

  async #complete({ request, upload }: Admitted): Promise<Response> {
    return pointerAnswer(await this.#uploads.with(upload, (each) => each.complete(request.signal)));
  }

  async #giveUp({ upload }: Admitted): Promise<Response> {
    await this.#uploads.with(upload, async (each) => each.giveUp(new Error('The page gave it up.')));
    return emptyAnswer();
  }

  /** The body of a request, held to its size and to the limits. */
  #incoming(body: ReadableStream<Uint8Array>, { size, signal }: Incoming): ReadableStream<Uint8Array> {
    const { maxDataBytes: maxBytes, stallTimeoutMs: sourceMs } = this.#options;
    return passage(body, { size, maxBytes, sourceMs, signal, errors: pageErrors(maxBytes) });
  }
}

interface Incoming {
  readonly size: number | undefined;
  readonly signal: AbortSignal;
}

/** The place below the gateway's path as the routes name it, and the upload that stands at its end. */
function placeIn(path: string): { place: string; upload: string } {
  const uploads = `${UPLOADS_PATH}/`;
  if (!path.startsWith(uploads)) return { place: path, upload: '' };
  return { place: uploads, upload: path.slice(uploads.length) };
}

function notHere(status: 404 | 405): Refusal {
  return new Refusal(
    status,
    'DATA_STORE_UNKNOWN',
    'The data gateway answers nothing of the kind at this path.',
  );
}
