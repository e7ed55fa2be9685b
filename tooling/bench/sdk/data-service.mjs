// The SDK's service, whose answers lie in the data store.

import { s3Store } from '@intersect-sdk/data-store-s3';
import { Binary, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { settings, takeCommands } from '../lib/commands.mjs';
import { transportOf } from './transport.mjs';

const { store, hierarchy, bytes, maxDataBytes, ...where } = settings();
const picture = new Uint8Array(bytes).fill(7);
const Bench = defineCapability({
  name: 'Bench',
  operations: {
    echo: { request: Type.String(), response: Type.String(), responseDataHandler: 'MINIO' },
    picture: {
      request: Type.String(),
      response: Binary('application/octet-stream'),
      responseDataHandler: 'MINIO',
    },
  },
});
const bench = Bench.implement({ echo: async (text) => text, picture: async () => picture });
const service = new IntersectService([bench], {
  hierarchy,
  maxDataBytes,
  brokers: [await transportOf(where)],
  dataStores: [s3Store(store)],
});
await service.startup();
await takeCommands({}, { end: () => service.shutdown() });
