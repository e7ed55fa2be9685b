import { DataError, type WireMessage } from '@intersect-sdk/core';
import {
  ACCEPT_HEADER,
  type DataBody,
  type RequestOptions,
  TIMEOUT_HEADER,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { DataPlane } from '../data/data-plane.js';
import { type AskerIdentity, askingHeaders } from './asking-headers.js';
import type { CheckedRequest } from './parameters.js';
import type { RequestData } from './request-data.js';

/** What a request says besides what it asks. */
interface MessageOptions {
  readonly headers?: RequestOptions['headers'];
  /** How long its answer is waited for, in ms; undefined where nobody waits. */
  readonly timeoutMs?: number | undefined;
  /** What its asker understands beyond one answer, as the header says it. */
  readonly accepts?: string | undefined;
}

/** The request messages of one asker. */
export class RequestMessages {
  readonly #asker: AskerIdentity;
  #lastMs = 0;
  #lastText = '';

  constructor(asker: AskerIdentity) {
    this.#asker = asker;
  }

  /** Of one request. Has a `message_id` of its own each time. */
  of(
    { destination, operation, contentType, dataHandler, payload }: CheckedRequest,
    requestId: string,
    { headers: further, timeoutMs, accepts }: MessageOptions,
  ): WireMessage {
    const headers = askingHeaders(this.#asker, { requestId, destination, operation, dataHandler }, further);
    if (timeoutMs !== undefined) headers[TIMEOUT_HEADER] = this.#wholeMs(timeoutMs);
    if (accepts !== undefined) headers[ACCEPT_HEADER] = accepts;
    return { channel: this.#asker.wire.requestChannel(destination), payload, contentType, headers };
  }

  /** Requests in a row mostly have one time. */
  #wholeMs(timeoutMs: number): string {
    if (timeoutMs !== this.#lastMs) {
      this.#lastMs = timeoutMs;
      this.#lastText = String(Math.ceil(timeoutMs));
    }
    return this.#lastText;
  }
}

/** Whether the message can go out as it is, as nearly all can: its argument is in it. */
export function travelsAlone({ payload, body, dataHandler }: CheckedRequest, data: DataPlane): boolean {
  return body === undefined && dataHandler === 'MESSAGE' && !data.offloads(payload.byteLength);
}

interface ArgumentOptions {
  readonly wire: Wire;
  readonly data: DataPlane;
  /** Is told where the argument lies. */
  readonly told: RequestData;
  /** How long a data store is waited for that is away. @default no limit but the signal of `told` */
  readonly withinMs?: number | undefined;
}

/** The message with its argument: stored, and a pointer to it in the message, or gathered from what gives it piece by piece. */
export async function withArgument(
  message: WireMessage,
  { operation, destination, body, payload, dataHandler, contentType }: CheckedRequest,
  { wire, data, told, withinMs }: ArgumentOptions,
): Promise<WireMessage> {
  const { headerNames } = wire;
  const { signal, onFailed } = told;
  try {
    let argument: DataBody = body ?? payload;
    if (dataHandler === 'MESSAGE') {
      argument = await data.gather(argument, `The argument of ${operation} for ${destination}`);
      if (!data.offloads(argument.byteLength)) return { ...message, payload: argument };
    }
    const key = `${message.headers[headerNames.messageId]}-argument`;
    const stored = await data.put({ data: argument, contentType, key }, { signal, onFailed, withinMs });
    told.argument = stored.pointer;
    const headers = { ...message.headers, [headerNames.dataHandler]: 'MINIO', ...stored.headers };
    return { ...message, payload: stored.payload, headers };
  } catch (error) {
    throw unsent(error);
  }
}

/** Whatever became of the data, the request was not sent. */
function unsent(error: unknown): unknown {
  if (!(error instanceof DataError)) return error;
  const { code, message, retryable } = error;
  return new DataError(code as ConstructorParameters<typeof DataError>[0], message, {
    cause: error,
    retryable,
    mayHaveRun: false,
  });
}
