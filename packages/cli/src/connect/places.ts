import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from '../frame/surroundings.js';

type Env = Surroundings['env'];

/** Where contexts are kept. */
export function contextFolder(env: Env): string {
  return join(env.INTERSECT_CONFIG_HOME ?? join(configHome(env), 'intersect'), 'contexts');
}

/** Where the schemas of services are remembered. Removing it harms nothing. */
export function schemaFolder(env: Env): string {
  return join(env.INTERSECT_CACHE_HOME ?? join(cacheHome(env), 'intersect'), 'schemas');
}

function configHome(env: Env): string {
  if (process.platform === 'win32' && env.APPDATA) return env.APPDATA;
  return env.XDG_CONFIG_HOME || join(homeOf(env), '.config');
}

function cacheHome(env: Env): string {
  if (process.platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  return env.XDG_CACHE_HOME || join(homeOf(env), '.cache');
}

function homeOf(env: Env): string {
  return env.HOME || homedir();
}
