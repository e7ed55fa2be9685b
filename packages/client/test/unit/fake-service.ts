// A service made of nothing but the wire layer and a transport, so that it can also answer as no service should.
import {
  decodePayload,
  encodeEventHeaders,
  encodePayload,
  encodeUserspaceHeaders,
  eventChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  parseUserspaceHeaders,
  requestChannel,
  responseChannel,
  type UserspaceHeaders,
} from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { type MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';

export const ADDRESS = 'org.fac.sys.-.fake';

export interface FakeRequest {
  readonly headers: UserspaceHeaders;
  readonly payload: Uint8Array;
  readonly contentType: string;
}

/** What goes back; `headers` replaces headers of the wire, by their name there. */
export interface Answer {
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
  readonly error?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Operation = (request: FakeRequest) => Answer | readonly Answer[] | Promise<Answer | readonly Answer[]>;

export class FakeService implements AsyncDisposable {
  readonly received: FakeRequest[] = [];
  readonly address: string;
  readonly #transport: Transport;

  private constructor(transport: Transport, address: string) {
    this.#transport = transport;
    this.address = address;
  }

  static async start(
    broker: MemoryBroker,
    operations: Readonly<Record<string, Operation>> = {},
    address = ADDRESS,
  ): Promise<FakeService> {
    const service = new FakeService(memoryTransport(broker, { name: 'service' }), address);
    await service.#transport.connect();
    await service.#transport.subscribe(
      requestChannel(address),
      async (message) => {
        const request = { ...message, headers: parseUserspaceHeaders(message.headers) };
        service.received.push(request);
        const operation = operations[request.headers.operationId];
        const answers = operation ? await operation(request) : { error: 'no such operation' };
        for (const answer of Array.isArray(answers) ? answers : [answers])
          await service.answer(request, answer);
      },
      { concurrency: 100 },
    );
    return service;
  }

  async answer({ headers }: Pick<FakeRequest, 'headers'>, answer: Answer): Promise<void> {
    const { json, bytes, error } = answer;
    const contentType = answer.contentType ?? (error === undefined ? 'application/json' : 'text/plain');
    await this.#transport.publish({
      channel: responseChannel(headers.source),
      contentType,
      payload: bytes ?? (error === undefined ? encodePayload(json, 'application/json') : Buffer.from(error)),
      headers: {
        ...encodeUserspaceHeaders({
          ...headers,
          messageId: newId(),
          source: headers.destination,
          destination: headers.source,
          createdAt: nowIso(),
          state: error === undefined ? 'complete' : 'error',
        }),
        ...answer.headers,
      },
    });
  }

  async emit(name: string, answer: Answer = {}): Promise<void> {
    await this.#transport.publish({
      channel: eventChannel(this.address, 'Fake', name),
      contentType: answer.contentType ?? 'application/json',
      payload: answer.bytes ?? encodePayload(answer.json, 'application/json'),
      headers: {
        ...encodeEventHeaders({
          messageId: newId(),
          source: this.address,
          createdAt: nowIso(),
          sdkVersion: PROTOCOL_VERSION,
          dataHandler: 'MESSAGE',
          capabilityName: 'Fake',
          eventName: name,
        }),
        ...answer.headers,
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.close();
  }
}

/** Answers with the argument, under the content type it came with. */
export const echo: Operation = ({ payload, contentType }) =>
  contentType === 'application/json'
    ? { json: decodePayload(payload, contentType, { allowEmpty: true }) }
    : { bytes: payload, contentType };
