import { type Emission, handledRejection } from '@intersect-sdk/contract/internal';
import type { EmitOptions, OperationContext } from '@intersect-sdk/contract/plain';
import type { Logger } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import type {
  DirectMessageParams,
  RequestOptions,
  Response,
  StreamedResponse,
} from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { withMore } from './answer/answer-headers.js';
import type { HandlerScope, OperationRequest } from './run-operation.js';

/** What handlers reach through their context. */
export interface ContextOptions {
  readonly wire: Wire;
  readonly logger: Logger;
  readonly emit: (emission: Emission) => Promise<void>;
  readonly call: (params: DirectMessageParams, options?: RequestOptions) => Promise<Response>;
  readonly callStream: (params: DirectMessageParams, options?: RequestOptions) => Promise<StreamedResponse>;
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
    const { wire, emit, call, callStream, logger } = this.#options;
    const { headers } = request;
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
      signal: scope.signal,
      logger,
      emit: (event: string, value: unknown, options?: EmitOptions) =>
        handledRejection(emit({ capability, event, value, options })),
      call: (params, options) => scope.whileOutside(() => call(params, options)),
      callStream: (params, options) => scope.whileOutside(() => callStream(params, options)),
    };
  }
}
