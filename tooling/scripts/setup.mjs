// Installs the workspace with the pinned pnpm, on a machine that has only Node and npm.
// `--if-needed` (or ensureSetup()) does nothing when the lockfile is the one already installed.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const stampFile = join(root, 'node_modules', '.setup-stamp');

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

async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = /^pnpm@([^+]+)/.exec(packageManager)?.[1];
  const env = process.env;
  const onPath = await run('pnpm', ['--version'], { capture: true, env });
  const [command, args] =
    onPath.output.trim() === version ? ['pnpm', []] : ['npx', ['--yes', `pnpm@${version}`]];
  const { code } = await run(command, [...args, 'install', '--frozen-lockfile'], { env });
  if (code !== 0) process.exit(code);
  writeFileSync(stampFile, currentStamp());
}

/** Makes the workspace ready to run programs; ends this process where that fails. */
export async function ensureSetup() {
  if (installedStamp() !== currentStamp()) await install();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--if-needed')) await ensureSetup();
  else await install();
}
