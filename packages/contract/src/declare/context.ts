import type { Logger } from '@intersect-sdk/core';
import type {
  DirectMessageParams,
  ItemStream,
  Progress,
  RequestOptions,
  Response,
  StreamedResponse,
} from '@intersect-sdk/core/internal';
import type { EmitOptions } from './emit-options.js';

/** Sends an event of this capability. See `Capability.emit`. */
export type Emit<Events> = <Name extends keyof Events & string>(
  name: Name,
  value: Events[Name],
  options?: EmitOptions,
) => Promise<void>;

/** What a handler may know and do besides its argument, whatever the events of its capability are. */
export interface RequestContext {
  /** The operation's full name, `<capability>.<operation>`. */
  readonly operation: string;
  /** The asker's correlation id. Not unique: an orchestrator repeats it. */
  readonly requestId: string;
  /** New for every message; a repeated one is answered from memory and never gets here. */
  readonly messageId: string;
  readonly campaignId: string;
  /** The asker's address. */
  readonly source: string;
  /** Headers of the request beyond those of the protocol, e.g. `traceparent`; empty where it has none. */
  readonly furtherHeaders: Readonly<Record<string, string>>;
  /**
   * Adds headers to the answer, also to one that says that the operation failed; a name that was there is replaced. The asker gets
   * them as `furtherHeaders`. Throws ConfigError for what `headers` of a request refuses. Without effect after the handler's end.
   */
  setAnswerHeaders(headers: Readonly<Record<string, string>>): void;
  /**
   * Tells the asker how far the operation is, if the asker wants to know; else nothing is sent. What comes faster than it can be sent is
   * left out, never the last. Throws ConfigError for what is no progress. Without effect after the handler's end.
   */
  progress(progress: Progress): void;
  /**
   * Aborts when the service begins to stop, when the operation's time limit is over, and when the asker cancels the request. A handler
   * that ignores it is still waited for, up to the service's shutdown timeout.
   */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * Asks another service and waits for its answer; throws what `IntersectService.call` throws. While it waits, the handler does not count
   * against the `concurrency` of its capability and of the service, so services that call each other do not block each other: another
   * handler of the capability may run before this one goes on. Only an operation's own `concurrency` goes on counting it.
   */
  call(params: DirectMessageParams, options?: RequestOptions): Promise<Response>;
  /** As `call`; resolves as soon as the data of the answer can be read, and throws what `IntersectService.callBytes` throws. */
  callBytes(params: DirectMessageParams, options?: RequestOptions): Promise<StreamedResponse>;
  /** As `call`, item by item; throws what `IntersectService.stream` throws. The handler is away, as in `call`, while it waits for an item. */
  stream(params: DirectMessageParams, options?: RequestOptions): ItemStream<unknown>;
}

/** What a handler of a capability with these events may know and do besides its argument. */
export interface OperationContext<Events = Record<never, never>> extends RequestContext {
  /** Sends an event of the capability at once, not at the handler's end. */
  readonly emit: Emit<Events>;
}
