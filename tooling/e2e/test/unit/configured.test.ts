// What `config` makes of a file is what clients and services take, without a change in between.
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig, loadServiceConfig } from '@intersect-sdk/config';
import { defineCapability, IntersectService } from '@intersect-sdk/service';
import { expect, test } from 'vitest';

const file = {
  brokers: [{ protocol: 'mqtt5.0', username: 'u', password: 'p' }],
  data_stores: { minio: [{ username: 'u', password: 'p', host: 'https://store.lab', port: 443 }] },
};
const idle = () => defineCapability({ name: 'Idle', operations: { rest: {} } }).implement({ rest: () => {} });

test('a client takes a loaded configuration, data stores included', async () => {
  const config = await loadClientConfig(file, { env: {} });
  expect(config.dataStores.minio).toHaveLength(1);
  expect(new IntersectClient(config).isConnected()).toBe(false);
});

test('a service takes a loaded configuration, data stores included', async () => {
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
  const config = await loadServiceConfig({ ...file, hierarchy }, { env: {} });
  expect(config.dataStores.minio).toHaveLength(1);
  expect(new IntersectService([idle()], config).address).toBe('org.fac.sys.-.svc');
});
