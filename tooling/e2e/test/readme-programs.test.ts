import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { transform } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { programsIn, type ReadmeProgram, readmePrograms } from './support/readme-programs.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// Below this package, so that what it depends on is found: all packages of the workspace.
const folder = fileURLToPath(new URL('../node_modules/.readme-programs/', import.meta.url));

const programs = readmePrograms();
const onDevBroker = programs.filter(({ broker }) => broker === undefined);
const onRabbitmq = programs.filter(({ broker }) => broker === 'rabbitmq');
const onStore = programs.filter(({ broker }) => broker === 's3');

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = ({ readme, line }: ReadmeProgram) => join(folder, `${readme.replaceAll('/', '-')}-${line}`);

/** Runs a README's program on the built packages, with the service beside it that it asks for. */
async function outputOf(program: ReadmeProgram, url: string, signal: AbortSignal): Promise<string> {
  const env = { [program.broker === 's3' ? 'INTERSECT_S3_URL' : 'INTERSECT_BROKER_URL']: url };
  const { code } = await transform(program.text, { loader: 'ts', format: 'esm', target: 'node20' });
  const file = `${fileOf(program)}.mjs`;
  writeFileSync(file, code);
  await using service = startService(program.service, env);
  await service?.line(/is ready/, signal);
  await using running = new Program(file, { name: `program of ${program.readme}`, env });
  if (program.untilStopped) {
    await running.line(lastLineOf(program.prints), signal);
    await running.stop();
  }
  expect(await running.ended, running.output).toBe(0);
  return running.output;
}

function lastLineOf(text: string): RegExp {
  const [last = ''] = text.split('\n').slice(-1);
  return new RegExp(last.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

function startService(name: string | undefined, env: Record<string, string>): Program | undefined {
  if (name === undefined) return undefined;
  return new Program(join(root, 'apps', name, 'dist', 'service.js'), { name: `service ${name}`, env });
}

function withCredentials(
  url: string,
  { username, password }: { username: string; password: string },
): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${username}:${password}@${host}`;
}

const credentials = { username: 'intersect_username', password: 'intersect_password' };

describe('the programs of the READMEs print what is written below them', () => {
  test.for(onDevBroker)('$readme:$line', async (program, { signal }) => {
    await using broker = await startDevBroker({ port: 0 });
    expect(await outputOf(program, withCredentials(broker.url, credentials), signal)).toBe(program.prints);
  });
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  test.for(onRabbitmq)('$readme:$line', async (program, { signal }) => {
    expect(await outputOf(program, withCredentials(rabbitmq.amqpUrl, rabbitmq), signal)).toBe(program.prints);
  });
});

describeWithBroker('s3', (server) => {
  test.for(onStore)('$readme:$line', async (program, { signal }) => {
    expect(await outputOf(program, withCredentials(server.url, server), signal)).toBe(program.prints);
  });
});

test('the programs of the READMEs have no type errors', () => {
  const files = programs.map((program) => {
    const file = `${fileOf(program)}.mts`;
    writeFileSync(file, program.text);
    return file;
  });
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.base.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const program = ts.createProgram(files, { ...parsed?.options, incremental: false });
  const diagnostics = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const problems = diagnostics.map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(problems).toEqual([]);
});

describe('programs are found in a README', () => {
  test('with their options and what they print', () => {
    const markdown =
      '# A\n\n```ts run service=x until-stopped\nrun();\n```\n\nIt prints:\n\n```text\ndone\n```\n\n```ts\nno();\n```\n';
    expect(programsIn('README.md', markdown)).toEqual([
      {
        readme: 'README.md',
        line: 4,
        text: 'run();',
        prints: 'done',
        service: 'x',
        broker: undefined,
        untilStopped: true,
      },
    ]);
  });

  test('and one that does not say what it prints is refused', () => {
    expect(() => programsIn('README.md', '```ts run\nrun();\n```\n')).toThrow(
      'README.md:2: a program to run',
    );
  });
});
