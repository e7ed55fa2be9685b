// The schemas that `config` ships for editors say of a file what `config` says when it loads it.
import { readFileSync } from 'node:fs';
import { loadClientConfig, loadServiceConfig } from '@intersect-sdk/config';
import { ConfigError } from '@intersect-sdk/core';
import { type Check, compileCheck } from '@intersect-sdk/schema';
import { beforeAll, describe, expect, test } from 'vitest';

const broker = { protocol: 'mqtt5.0', username: 'u', password: 'p' };
const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', subsystem: null, service: 'svc' };
const message = { destination: 'a.b.c.-.d', operation: 'Cap.fn', payload: { anyKey: [null] } };

const kinds = {
  client: (file: object) => loadClientConfig(file, { env: {} }),
  service: (file: object) => loadServiceConfig(file, { env: {} }),
};

function schemaOf(kind: string): Record<string, unknown> {
  const file = new URL(`../../../../packages/config/schemas/${kind}.schema.json`, import.meta.url);
  // The validator of this repository knows one draft only; nothing in the schemas differs between the two.
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  return schema;
}

describe.each(['client', 'service'] as const)('the schema of a file of a %s', (kind) => {
  let check: Check;
  beforeAll(() => {
    check = compileCheck(schemaOf(kind));
  });

  const own: object = kind === 'service' ? { hierarchy } : {};
  const others: [object, boolean][] =
    kind === 'service'
      ? [
          [{ status_interval: 30, maxInFlight: 1 }, true],
          [{ status_interval: 29 }, false],
          [{ statusInterval: 1500 }, false],
        ]
      : [
          [{ initial_message_event_config: { messages_to_send: [message] } }, true],
          [{ initialMessageEventConfig: { messagesToSend: [{ ...message, contentType: 'a/b' }] } }, true],
          [{ keep_session_ms: 'soon' }, false],
          [{ retry: { attempts: 3, min_delay_ms: 0 } }, true],
          [{ retry: { attempts: 0 } }, false],
          [{ retry: {} }, false],
        ];

  test.each<[object, boolean]>([
    [{}, true],
    [{ $schema: './client.schema.json' }, true],
    [{ brokers: [{ ...broker, port: null, is_root: false, tls: { ca_file: 'ca.pem' } }] }, true],
    [{ brokers: [{ ...broker, isRoot: true, webSocketPath: '/ws' }], request_timeout_ms: 5 }, true],
    [{ data_stores: { minio: [{ username: 'u', password: 'p' }] }, maxPayloadBytes: 1 }, true],
    [{ brokers: [{ ...broker, host: 'mqtt://b' }] }, false],
    [{ brokers: [{ ...broker, heart_beat: 3 }] }, false],
    [{ brokers: [{ ...broker, port: 0 }] }, false],
    [{ dataStores: { minio: [{ username: 'u' }] } }, false],
    [{ sytem: 'sys' }, false],
    [{ max_payload_bytes: 0.5 }, false],
    [{ logger: {} }, false],
    ...others,
  ])('%j', async (given, good) => {
    const file = { brokers: [broker], ...own, ...given };
    // What names a file of its own is for the loading alone.
    const isLoaded = JSON.stringify(file).includes('ca_file')
      ? good
      : await kinds[kind](file).then(
          () => true,
          (error: unknown) => !(error instanceof ConfigError),
        );
    expect({ schema: check(file).ok, isLoaded }).toEqual({ schema: good, isLoaded: good });
  });
});
