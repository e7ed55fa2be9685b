// Installs the workspace with the pinned pnpm, on a machine that has only Node and npm.
// `--if-needed` (or ensureSetup()) does nothing when the lockfile is the one already installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampFile = join(root, 'node_modules', '.setup-stamp');
const windows = process.platform === 'win32';

function currentStamp() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(root, file)));
  return `${hash.digest('hex')} node ${process.versions.node.split('.')[0]}\n`;
}

function installedStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = /^pnpm@([^+]+)/.exec(packageManager)?.[1];
  const onPath = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', shell: windows });
  const [command, args] =
    onPath.stdout?.trim() === version ? ['pnpm', []] : ['npx', ['--yes', `pnpm@${version}`]];
  const { status } = spawnSync(command, [...args, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stampFile, currentStamp());
}

export function ensureSetup() {
  if (installedStamp() !== currentStamp()) install();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--if-needed')) ensureSetup();
  else install();
}
