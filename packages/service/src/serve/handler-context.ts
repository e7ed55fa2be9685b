import { type Emission, handledRejection } from '@intersect-sdk/contract/internal';
import type { EmitOptions, OperationContext } from '@intersect-sdk/contract/plain';
import type { Logger } from '@intersect-sdk/core';
import { encodeProgress, type Progress, type Wire } from '@intersect-sdk/core/internal';
import type {
  DirectMessageParams,
  ItemReader,
  RequestOptions,
  Response,
  StreamedResponse,
} from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { withMore } from './answer/answer-headers.js';
import type { OperationRequest } from './request/operation-request.js';
import type { HandlerScope } from './run-operation.js';

/** What handlers reach through their context. */
export interface ContextOptions {
  readonly wire: Wire;
  readonly logger: Logger;
  readonly emit: (emission: Emission) => Promise<void>;
  readonly call: (params: DirectMessageParams, options?: RequestOptions) => Promise<Response>;
  readonly callBytes: (params: DirectMessageParams, options?: RequestOptions) => Promise<StreamedResponse>;
  readonly stream: (params: DirectMessageParams, options?: RequestOptions) => ItemReader<unknown>;
}

/** Makes what a handler is told of its request, and what it can do while it runs. */
export class HandlerContexts {
  readonly #options: ContextOptions;

  constructor(options: ContextOptions) {
    this.#options = options;
  }

  of(
    { capability, fullName }: CompiledOperation,
    request: OperationRequest,
    scope: HandlerScope,
  ): OperationContext {
    const { wire, emit, call, callBytes, stream, logger } = this.#options;
    const { headers, live } = request;
    return {
      operation: fullName,
      requestId: headers.requestId,
      messageId: headers.messageId,
      campaignId: headers.campaignId,
      source: headers.source,
      furtherHeaders: wire.furtherHeadersOf(request.raw),
      setAnswerHeaders: (more) => {
        request.answerHeaders = withMore(request.answerHeaders, more, wire);
      },
      progress: live ? (progress) => live.progress(encodeProgress(progress)) : checkedAlone,
      signal: scope.signal,
      logger,
      emit: (event: string, value: unknown, options?: EmitOptions) =>
        handledRejection(emit({ capability, event, value, options })),
      call: (params, options) => scope.whileOutside(() => call(params, options)),
      callBytes: (params, options) => scope.whileOutside(() => callBytes(params, options)),
      stream: (params, options) => stream(params, options).waitWithin((wait) => scope.whileOutside(wait)),
    };
  }
}

/** Nobody wants to know it; what is wrong with it is said all the same. */
function checkedAlone(progress: Progress): void {
  encodeProgress(progress);
}
