import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll as packInto } from '../../../scripts/lib/pack-all.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const fixture = fileURLToPath(new URL('../fixtures/consumer', import.meta.url));

interface Packed {
  readonly name: string;
  readonly tarball: string;
  /** What it can be imported by: the name, or the name with an entry. */
  readonly specifiers: readonly string[];
}

/** All published packages as tarballs in a folder that goes away with it. */
export interface PackedPackages extends Disposable {
  readonly folder: string;
  readonly packages: readonly Packed[];
}

export async function packAll(): Promise<PackedPackages> {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-packed-'));
  await packInto(folder);
  const packages = readdirSync(join(root, 'packages')).flatMap((each): Packed[] => {
    const source = join(root, 'packages', each);
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    // It goes out within another package.
    if (manifest.private) return [];
    if (!existsSync(join(source, 'dist'))) throw new Error(`${source} is not built: run \`npm run build\`.`);
    const { name, version, publishConfig } = manifest;
    const entries = Object.keys(publishConfig.exports).filter((entry) => entry !== './package.json');
    return [
      {
        name,
        tarball: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
        specifiers: entries.map((entry) => name + entry.slice(1)),
      },
    ];
  });
  return { folder, packages, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An empty project outside the repository, with the packed packages installed and hello-world compiled. */
export async function makeConsumer(packed: PackedPackages, type: 'module' | 'commonjs'): Promise<string> {
  const folder = join(packed.folder, type);
  mkdirSync(folder);
  cpSync(fixture, folder, { recursive: true });
  const dependencies = Object.fromEntries(
    packed.packages.map(({ name, tarball }) => [name, `file:${tarball}`]),
  );
  const devDependencies = { '@types/node': '^20.19.43' };
  writeJson(join(folder, 'package.json'), {
    name: 'consumer',
    private: true,
    type,
    dependencies,
    devDependencies,
  });
  writeJson(join(folder, 'tsconfig.json'), {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable'],
      module: 'NodeNext',
      types: ['node'],
      // The declarations of one kind are the text of the other: checking what stands in them once is enough.
      skipLibCheck: type === 'commonjs',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      rootDir: 'src',
      outDir: 'dist',
    },
    include: ['src'],
  });
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', ...quiet], folder);
  return folder;
}

/** Where a command runs: a folder, or a folder and what its environment has besides this one's. */
type Place = string | { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

/** Runs a command to its end, and rejects with what it wrote when it fails. */
export function run(command: string, args: readonly string[], place: Place): Promise<string> {
  const { cwd, env } = typeof place === 'string' ? { cwd: place, env: {} } : place;
  const options = { cwd, env: { ...process.env, ...env }, shell: process.platform === 'win32' };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, undefined, 2));
}
