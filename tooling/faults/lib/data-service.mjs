// A service whose arguments and answers travel by reference, which a test kills in the middle of it.
import { loadServiceConfig } from '@intersect-sdk/config';
import { s3Store } from '@intersect-sdk/data-store-s3';
import {
  Binary,
  defaultIntersectLifecycleLoop,
  defineCapability,
  IntersectService,
} from '@intersect-sdk/service';

const { SERVICE_NAME = '', DATA_STORE = '' } = process.env;
const bytes = Binary('application/octet-stream');

const turning = defineCapability({
  name: 'Turning',
  concurrency: 8,
  operations: { turn: { request: bytes, response: bytes, responseDataHandler: 'MINIO' } },
}).implement({ turn: (data) => Uint8Array.from(data).reverse() });

const { brokers, hierarchy } = await loadServiceConfig({
  hierarchy: { organization: 'fault-org', facility: 'fault-fac', system: 'fault-sys', service: SERVICE_NAME },
});
const service = new IntersectService([turning], {
  brokers,
  hierarchy,
  dataStores: [s3Store(JSON.parse(DATA_STORE))],
  keepRequestsMs: 120_000,
});
await defaultIntersectLifecycleLoop(service, { postStartupCallback: () => console.log('ready') });
