// A client and a service whose payloads travel by reference, on a broker and a data store in memory.
import {
  IntersectClient,
  type IntersectClientConfig,
  type Report,
  type ResponseCallback,
} from '@intersect-sdk/client';
import {
  CapabilityError,
  encodeUserspaceHeaders,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  requestChannel,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  Binary,
  defineCapability,
  type Implementation,
  IntersectService,
  type IntersectServiceConfig,
  Type,
} from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { MemoryStore } from './memory-store.js';

export const Camera = defineCapability({
  name: 'Camera',
  operations: {
    upper: { request: Type.String(), response: Type.String(), responseDataHandler: 'MINIO' },
    echo: { request: Binary('image/png'), response: Binary('image/png'), idempotent: true },
    picture: { request: Type.Number(), response: Binary('image/png'), responseDataHandler: 'MINIO' },
    fail: { request: Binary('image/png') },
  },
  events: {
    taken: { schema: Binary('image/png'), dataHandler: 'MINIO' },
    small: { schema: Type.String() },
  },
});

export const HIERARCHY = { organization: 'org', facility: 'fac', system: 'sys', service: 'camera' };
export const ADDRESS = 'org.fac.sys.-.camera';
export const ASKER = 'org.fac.sys.-.asker';
export const PNG = 'image/png';

export const bytesOf = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (index * 7) % 251);

const cameraHandlers: Implementation<typeof Camera> = {
  upper: (text) => text.toUpperCase(),
  echo: (data) => data,
  picture: (size) => bytesOf(size),
  fail: () => {
    throw new CapabilityError('no film');
  },
};

/** Everything that one test has. */
export class DataPrograms {
  readonly broker = new MemoryBroker();
  readonly store = new MemoryStore();
  readonly reports: Report[] = [];
  /** Resolves with the first report. */
  readonly reported: Promise<void>;
  readonly onReport: (report: Report) => void;

  constructor() {
    let tell = (): void => {};
    this.reported = new Promise((resolve) => {
      tell = resolve;
    });
    this.onReport = (report) => {
      this.reports.push(report);
      tell();
    };
  }

  newCamera(handlers: Partial<Implementation<typeof Camera>> = {}) {
    return Camera.implement({ ...cameraHandlers, ...handlers });
  }

  newService(config: Partial<IntersectServiceConfig> = {}, camera = this.newCamera()): IntersectService {
    const { broker, store, onReport } = this;
    const brokers = [memoryTransport(broker, { name: 'service' })];
    const usual = { hierarchy: HIERARCHY, brokers, dataStores: [store], onReport };
    return new IntersectService([camera], { ...usual, ...config });
  }

  newClient(config: Partial<IntersectClientConfig> = {}, userCallback?: ResponseCallback): IntersectClient {
    const { broker, store, onReport } = this;
    const brokers = [memoryTransport(broker, { name: 'client' })];
    return new IntersectClient({ brokers, dataStores: [store], onReport, ...config }, userCallback);
  }
}

export const ask = (operation: string, payload: unknown, more: object = {}) => ({
  destination: ADDRESS,
  operation: `Camera.${operation}`,
  payload,
  ...more,
});

export const byReference = { dataHandler: 'MINIO' } as const;
export const image = { contentType: PNG } as const;

/** The events of the camera. */
export const eventsOf = (eventName: string) => ({ hierarchy: ADDRESS, capabilityName: 'Camera', eventName });

/** A request as it stands on the wire. */
export function messageOf(operation: string, json: string): WireMessage {
  return {
    channel: requestChannel(ADDRESS),
    contentType: 'application/json',
    payload: new TextEncoder().encode(json),
    headers: encodeUserspaceHeaders({
      messageId: newId(),
      campaignId: newId(),
      requestId: newId(),
      source: ASKER,
      destination: ADDRESS,
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      operationId: `Camera.${operation}`,
      dataHandler: 'MESSAGE',
      state: 'complete',
    }),
  };
}
