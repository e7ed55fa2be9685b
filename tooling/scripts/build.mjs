// Builds all packages and apps through turbo, which skips what did not change.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureSetup, root } from './setup.mjs';

/** @param {string[]} args what to hand to `turbo run` */
export function turbo(args) {
  const bin = join(root, 'node_modules', '.bin');
  const { status } = spawnSync(join(bin, 'turbo'), ['run', ...args, '--output-logs=errors-only'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', PATH: `${bin}:${process.env.PATH}` },
  });
  if (status !== 0) process.exit(status ?? 1);
}

export function ensureBuilt() {
  ensureSetup();
  turbo(['build']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
