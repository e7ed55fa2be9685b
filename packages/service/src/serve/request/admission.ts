import type { WireMessage } from '@intersect-sdk/core';
import { ASK_HEADER, DEFAULT_CONTENT_TYPE, type Wire } from '@intersect-sdk/core/internal';
import { MAX_PAYLOAD_BYTES } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../../compile/compiled.js';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';
import { throwIfTooOld } from '../limits/request-age.js';
import type { ParsedRequest } from './read-request.js';

export interface AdmissionOptions {
  readonly wire: Wire;
  readonly operations: Iterable<CompiledOperation>;
  /** Stands in for the operation of its name where the asker wants the schema. @default there is none */
  readonly selfDescription?: CompiledOperation | undefined;
  /** A request with a larger payload is refused unread. */
  readonly maxPayloadBytes?: number | undefined;
  /** A request that was made longer ago is refused. @default they may be of any age */
  readonly maxRequestAgeMs?: number | undefined;
}

/** Finds the operation that a request is for, and refuses the request where that can be told without looking into its payload. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #operations: ReadonlyMap<string, CompiledOperation>;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#operations = new Map([...options.operations].map((operation) => [operation.fullName, operation]));
  }

  /** Throws a Refusal. */
  admit(message: WireMessage, { headers, dataHandlerKnown }: ParsedRequest): CompiledOperation {
    const { wire, maxRequestAgeMs, maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
    if (!wire.isCompatible(headers.sdkVersion)) {
      throw new Refusal('version-incompatible', SENTENCES.versionIncompatible(wire.version));
    }
    if (maxRequestAgeMs !== undefined) throwIfTooOld(headers, maxRequestAgeMs);
    if (!dataHandlerKnown) throw new Refusal('data-handler-unknown', SENTENCES.dataHandlerUnknown());
    const operation = this.#operationFor(headers.operationId, message.headers[ASK_HEADER]);
    if (!operation) {
      const known = [...this.#operations.keys()];
      throw new Refusal('operation-unknown', SENTENCES.operationUnknown(headers.operationId, known));
    }
    const wanted = operation.argument?.contentType ?? DEFAULT_CONTENT_TYPE;
    if (message.contentType !== wanted) {
      throw new Refusal(
        'content-type',
        SENTENCES.contentType(operation.fullName, wanted, message.contentType),
      );
    }
    if (message.payload.byteLength > maxPayloadBytes) {
      throw new Refusal('payload-too-large', SENTENCES.payloadTooLarge(operation.fullName, maxPayloadBytes));
    }
    return operation;
  }

  #operationFor(name: string, wanted: string | undefined): CompiledOperation | undefined {
    const { selfDescription } = this.#options;
    if (wanted === 'schema' && name === selfDescription?.fullName) return selfDescription;
    return this.#operations.get(name);
  }
}
