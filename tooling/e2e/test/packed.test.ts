import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { bin } from '../../scripts/lib/root.mjs';
import { makeConsumer, type PackedPackages, packAll, run } from './support/consumer.js';
import { compile, contractClient, declaredContract, generatedContract } from './support/contract-programs.js';

let packed: PackedPackages;
beforeAll(async () => {
  packed = await packAll();
});
afterAll(() => packed[Symbol.dispose]());

describe.each([
  ['module', 'import'],
  ['commonjs', 'require'],
] as const)('the packed packages in an empty %s project', (type, how) => {
  let folder: string;
  beforeAll(async () => {
    folder = await makeConsumer(packed, type);
  });

  test(`every entry can be loaded by ${how}`, async () => {
    const specifiers = packed.packages.flatMap(({ specifiers }) => specifiers);
    // Made for vitest, which isn't installed here.
    const loadable = specifiers.filter((specifier) => specifier !== '@intersect-sdk/conformance/vitest');
    const load = (specifier: string) =>
      how === 'import' ? `await import('${specifier}')` : `require('${specifier}')`;
    const program = loadable.map((specifier) => `console.log(Object.keys(${load(specifier)}).length > 0);`);
    const mode = how === 'import' ? ['--input-type=module'] : [];
    const output = await run(process.execPath, [...mode, '-e', program.join('\n')], folder);
    expect(output).toBe('true\n'.repeat(loadable.length));
  });

  test('hello-world compiles against the types and runs', async ({ signal }) => {
    await run(join(bin, 'tsc'), ['-p', 'tsconfig.json'], folder);
    await using broker = await startDevBroker({ port: 0 });
    const url = broker.url.replace('://', '://intersect_username:intersect_password@');
    const env = { INTERSECT_BROKER_URL: url };
    await using service = new Program(join(folder, 'dist', 'service.js'), { name: 'service', env });
    await service.line(/^ready$/, signal);
    await using client = new Program(join(folder, 'dist', 'client.js'), { name: 'client', env });
    expect(await client.ended, client.output).toBe(0);
    expect(client.output).toBe('Hello, hello_client!\nREMOTE_ERROR');
    expect(await service.stop(), service.output).toBe(0);
  });

  test('the embedded broker is installed as a program', async () => {
    const help = await run(join(folder, 'node_modules', '.bin', 'intersect-broker'), ['--help'], folder);
    expect(help).toContain('intersect-broker: an MQTT 5 broker for development');
  });

  test('a client with a contract loads nothing of TypeBox, and costs the compiler little', async () => {
    const declaring = { consumer: folder, files: { 'contract.ts': declaredContract }, entry: 'contract.ts' };
    const declared = await compile({ ...declaring, checksLibraries: false });
    expect(declared.typeBox).not.toEqual([]);
    const declaration = declared.declarationOf('contract.d.ts');
    const imported = [...declaration.matchAll(/(?:from|import\() ?["']([^"']+)["']/g)].map(
      ([, from]) => from,
    );
    expect(imported).toEqual(['@intersect-sdk/contract/plain']);

    for (const contract of [{ 'contract.d.ts': declaration }, { 'contract.ts': generatedContract }]) {
      const files = { 'client.ts': contractClient, ...contract };
      const client = { consumer: folder, files, entry: 'client.ts' };
      const { typeBox, instantiations } = await compile({ ...client, checksLibraries: type === 'module' });
      expect(typeBox).toEqual([]);
      expect(instantiations).toBeGreaterThan(0);
      // 25,000 as this is written; one type of TypeBox in a declaration makes 2.3 million of them.
      expect(instantiations).toBeLessThan(100_000);
    }
  });
});

test('the command line runs by `npm exec` from its tarball alone, in an empty folder', {
  timeout: 180_000,
}, async () => {
  const folder = join(packed.folder, 'empty');
  mkdirSync(folder);
  const { tarball = '' } = packed.packages.find(({ name }) => name === '@intersect-sdk/cli') ?? {};
  const intersect = (...args: readonly string[]) =>
    run(
      'npm',
      ['exec', '--yes', '--prefer-offline', '--package', tarball, '--', 'intersect', ...args],
      folder,
    );
  expect(await intersect('--help')).toContain('Usage: intersect COMMAND');
  await using broker = await startDevBroker({ port: 0 });
  const url = broker.url.replace('://', '://intersect_username:intersect_password@');
  // It loads all that a call needs, and ends by itself.
  const listen = ['listen', 'one.two.three.-.four', 'Probe', '--for', '10ms'];
  expect(await intersect(...listen, '--broker', url)).toBe('');
});
