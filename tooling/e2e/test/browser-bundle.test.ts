import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { bundlePage } from './support/page-bundle.js';

/** What a page gets that talks MQTT over WebSocket, from the packages as they are built. */
const program = `
  import { IntersectClient } from '@intersect-sdk/client';
  import { mqttTransport } from '@intersect-sdk/transport-mqtt';
  globalThis.sdk = { IntersectClient, mqttTransport };
`;

const run = promisify(execFile);

const credentials = { username: 'intersect_username', password: 'intersect_password' };

const echo = defineCapability({
  name: 'Echo',
  description: 'Says what it hears.',
  operations: { echo: { description: 'Echo.', request: Type.String(), response: Type.String() } },
}).implement({ echo: (text) => text });

const gzipLimitBytes = 142_000;

const bundled = bundlePage(program);

test('the client with MQTT can be bundled for a browser, without a Node built-in', async () => {
  const { metafile, errors } = await bundled;
  expect(errors).toEqual([]);
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  expect(imported.filter(({ path }) => isBuiltin(path)).map(({ path }) => path)).toEqual([]);
});

test('a Node built-in would be noticed', async () => {
  await expect(bundlePage("import 'node:net';")).rejects.toThrow('Could not resolve "node:net"');
});

test.each([
  'amqplib',
  'ajv',
  'ajv-formats',
  'typebox',
  '@intersect-sdk/transport-amqp',
  '@intersect-sdk/schema',
  '@intersect-sdk/contract',
])('%s stays out', async (name) => {
  const { metafile } = await bundled;
  const folder = name.startsWith('@intersect-sdk/') ? name.replace('@intersect-sdk/', '/packages/') : name;
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((path) => `/${path}`.includes(`/${folder}/`))).toEqual([]);
});

test('nothing in it needs eval, so a strict Content-Security-Policy holds', async () => {
  const { outputFiles } = await bundled;
  for (const { path, text } of outputFiles) {
    expect(text.match(/\bnew Function\b|\beval\(/g) ?? [], path).toEqual([]);
  }
});

test('a page with the bundle asks a service over WebSocket where making code from text is forbidden', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  await using service = new IntersectService([echo], {
    brokers: [mqttTransport({ url: broker.url, ...credentials })],
    hierarchy: { organization: 'lab', facility: 'building', system: 'room', service: 'echo' },
  });
  await service.startup();
  const folder = await mkdtemp(join(tmpdir(), 'intersect-page-'));
  try {
    for (const { path, contents } of (await bundled).outputFiles) {
      await writeFile(join(folder, basename(path)), contents);
    }
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const page = await run(process.execPath, [
      '--disallow-code-generation-from-strings',
      '--experimental-websocket',
      fileURLToPath(new URL('fixtures/page.mjs', import.meta.url)),
      pathToFileURL(join(folder, 'stdin.js')).href,
      broker.webSocketUrl ?? '',
      credentials.username,
      credentials.password,
    ]);
    expect(page.stdout).toBe('from a page\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test(`it is small: at most ${gzipLimitBytes / 1000} kB gzipped`, async () => {
  const { outputFiles } = await bundled;
  const sizes = outputFiles.map(({ contents }) => ({
    min: contents.length,
    gzip: gzipSync(contents).length,
  }));
  const sum = (key: 'min' | 'gzip') => sizes.reduce((total, size) => total + size[key], 0);
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  process.stdout.write(
    `Browser bundle of client + transport-mqtt: ${kilobytes(sum('min'))} min, ${kilobytes(sum('gzip'))} gzip\n`,
  );
  expect(sum('gzip')).toBeLessThanOrEqual(gzipLimitBytes);
});
