// What README.md says about using the packages before they are on npm, done as it stands there; and the scripts of the apps, which set up what they need.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { run } from './support/consumer.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, section = ''] = /## Before the first release\n([\s\S]*?)\n## /.exec(readme) ?? [];
const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text.trim());

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'intersect-before-release-'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the packages of a clone are installed and used in another project', async ({ signal }) => {
  const [pack = '', install = '', ...others] = commands;
  expect([pack, others]).toEqual(['npm run pack', []]);
  await run('sh', ['-c', pack], root);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  expect(install).toContain('~/intersect-sdk/');
  // Nothing of this SDK may come from the registry; what it depends on may be at hand.
  const quiet = '--prefer-offline --no-audit --no-fund --loglevel=error';
  await run('sh', ['-c', `${install.replace('~/intersect-sdk', root)} ${quiet}`], project);
  const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  expect(Object.values(dependencies)).toEqual(
    Object.values(dependencies).map(() => expect.stringMatching(/^file:/)),
  );

  const [, program = ''] = /```ts run service=hello-world\n([\s\S]*?)```/.exec(readme) ?? [];
  writeFileSync(join(project, 'program.mjs'), program);
  await using broker = await startDevBroker({ port: 0 });
  const INTERSECT_BROKER_URL = broker.url.replace('://', '://intersect_username:intersect_password@');
  const env = { INTERSECT_BROKER_URL };
  await using service = new Program(join(root, 'apps/hello-world/dist/service.js'), { name: 'service', env });
  await service.line(/ready/i, signal);
  await using client = new Program(join(project, 'program.mjs'), { name: 'program', env });
  expect(await client.ended, client.output).toBe(0);
  expect(client.output).toBe('Hello, hello_client!');
  expect(await run('npx', ['--no-install', 'intersect-broker', '--help'], project)).toContain(
    'intersect-broker',
  );
});

test('a script of an app builds what it needs, and says how to get a broker and a data store where none answers', async () => {
  const nowhere = 'INTERSECT_BROKER_URL=mqtt://127.0.0.1:1 INTERSECT_S3_URL=http://127.0.0.1:2';
  const refusalIn = (app: string) =>
    run('sh', ['-c', `${nowhere} npm run client`], join(root, 'apps', app)).catch(
      (error: Error) => error.message,
    );
  const [hello, camera] = [await refusalIn('hello-world'), await refusalIn('camera')];
  for (const refused of [hello, camera]) {
    expect(refused).toContain('No broker answers at 127.0.0.1:1.');
    expect(refused).toContain('npm run broker ');
    expect(refused).not.toContain('Error:');
  }
  expect(hello).not.toContain('data store answers');
  expect(camera).toContain('No data store answers at 127.0.0.1:2.');
  expect(camera).toContain('export INTERSECT_S3_URL=http://');
});
