import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { type DataStore, isIntersectError } from '@intersect-sdk/core';
import { IntersectService } from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import { bytesOf, isTurned, Turning } from './large-data.js';

const PATIENCE_MS = 120_000;

export interface DataPairOptions {
  readonly transport: () => Transport;
  /** The store as each of them reaches it. */
  readonly client: DataStore;
  readonly service: DataStore;
}

/** A client and a service in this process, whose payloads travel by reference, and what came of the requests. */
export class DataPair implements AsyncDisposable {
  readonly client: IntersectClient;
  readonly service: IntersectService;
  /** The kinds of all reports, and their codes where there are such. */
  readonly reports: string[] = [];
  readonly errors: unknown[] = [];
  asked = 0;
  /** Answered with the right bytes. */
  right = 0;

  constructor({ transport, client, service }: DataPairOptions) {
    const turning = Turning.implement({ turn: (data) => Uint8Array.from(data).reverse() });
    const onReport = ({ kind, code }: { readonly kind: string; readonly code?: string | undefined }): void =>
      void this.reports.push(code === undefined ? kind : `${kind} ${code}`);
    this.service = new IntersectService([turning], {
      hierarchy: {
        organization: 'fault-org',
        facility: 'fault-fac',
        system: 'fault-sys',
        service: `turning-${randomUUID()}`,
      },
      brokers: [transport()],
      dataStores: [service],
      keepRequestsMs: 120_000,
      onReport,
    });
    this.client = new IntersectClient({
      brokers: [transport()],
      dataStores: [client],
      onReport,
    });
  }

  async start(): Promise<void> {
    await this.service.startup();
    await this.client.startup();
  }

  /** Asks with so many bytes. Never rejects: what went wrong stands in `errors`. */
  async ask(size: number, timeoutMs = PATIENCE_MS): Promise<void> {
    const number = this.asked++;
    try {
      const params = {
        destination: this.service.address,
        operation: 'Turning.turn',
        payload: bytesOf(number, size),
        contentType: 'application/octet-stream',
        dataHandler: 'MINIO',
      } as const;
      const answer = await this.client.request(params, { timeoutMs });
      if (isTurned(answer, number, size)) this.right++;
    } catch (error) {
      this.errors.push(error);
    }
  }

  /** The codes of the errors, and of what caused them where that is known; `untyped` for what is none of this SDK's. */
  get codes(): string[] {
    return this.errors.map((error) => {
      if (!isIntersectError(error)) return 'untyped';
      return isIntersectError(error.cause) ? `${error.code} by ${error.cause.code}` : error.code;
    });
  }

  /** Ends both, after what they were deleting is deleted. */
  async end(): Promise<void> {
    await this.client.shutdown();
    await this.service.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}
