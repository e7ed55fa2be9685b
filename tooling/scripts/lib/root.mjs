import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Where the programs of the root's devDependencies are. */
export const bin = join(root, 'node_modules', '.bin');

/** The environment for programs of the workspace: they find each other, and none reports its use to anyone. */
export function workspaceEnv() {
  const path = `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  return { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', PATH: path };
}
