import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, removeFolder, withLock } from './cache.mjs';
import { run } from './command.mjs';

// A Debian 13 beside the host's system: its RabbitMQ speaks MQTT 5, which Debian 12's doesn't.
const release = 'trixie';
const packages = 'rabbitmq-server,mosquitto';
/** To be raised when the way the folder is made changes. */
const recipe = 1;
const name = `debian-${release}-${recipe}`;
const stamp = '.complete';
const scripts = '/usr/share/debootstrap/scripts';

/**
 * Why this machine can't run brokers from a Debian root, or undefined when it can.
 *
 * @returns {Promise<string | undefined>}
 */
export async function debianRootProblem() {
  if (process.getuid?.() !== 0) return 'installing Debian packages into a folder needs root';
  if (!/^ID=debian$/m.test(readIfThere('/etc/os-release'))) return 'this system is not Debian';
  const jail = await run('unshare', ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', 'true']);
  return jail.ok ? undefined : `this system gives no namespaces of its own (${jail.tail})`;
}

/**
 * The folder with Debian and the brokers in it, made when it isn't there yet: 45 s and about 150 MB to fetch.
 *
 * @param {(sentence: string) => void} onProgress
 * @returns {Promise<string>}
 * @throws Error that says in a sentence why it can't be had.
 */
export function debianRoot(onProgress) {
  const root = join(cacheFolder(), name);
  if (existsSync(join(root, stamp))) return Promise.resolve(root);
  return withLock('debian', async () => {
    if (existsSync(join(root, stamp))) return root;
    await make(root, onProgress);
    return root;
  });
}

/**
 * @param {string} root
 * @param {(sentence: string) => void} onProgress
 */
async function make(root, onProgress) {
  const unfinished = `${root}.unfinished`;
  for (const leftover of [root, unfinished]) if (existsSync(leftover)) removeFolder(leftover);
  await needDebootstrap(onProgress);
  const mirror = await hostMirror();
  mkdirSync(unfinished);
  onProgress('Installing RabbitMQ and mosquitto from Debian into the cache folder: about a minute, once.');
  // In namespaces of its own, that end with this process: whatever it mounts or starts is gone with it.
  const made = await run('setpriv', [
    ...['--pdeathsig', 'KILL', 'unshare'],
    ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'],
    ...['debootstrap', '--variant=minbase', `--include=${packages}`, release, unfinished, mirror],
    // An older debootstrap doesn't know the release by name; all recent ones are made alike.
    ...(existsSync(join(scripts, release)) ? [] : [join(scripts, 'sid')]),
  ]);
  if (!made.ok) {
    removeFolder(unfinished);
    throw new Error(`Debian ${release} could not be installed from ${new URL(mirror).host}: ${made.tail}.`);
  }
  prepare(unfinished);
  renameSync(unfinished, root);
  writeFileSync(join(root, stamp), '');
}

/** @param {string} root */
function prepare(root) {
  for (const file of ['/etc/hosts', '/etc/hostname'])
    if (existsSync(file)) copyFileSync(file, join(root, file));
  const archives = join(root, 'var/cache/apt/archives');
  for (const file of readdirSync(archives)) if (file.endsWith('.deb')) removeFolder(join(archives, file));
}

/** @param {(sentence: string) => void} onProgress */
async function needDebootstrap(onProgress) {
  if ((await run('debootstrap', ['--version'])).ok) return;
  onProgress('Installing the package debootstrap.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'debootstrap'], { env });
  const updated = await run('apt-get', ['update'], { env });
  const installed = await install();
  if (installed.ok) return;
  throw new Error(`apt-get can't install debootstrap: ${(updated.ok ? installed : updated).tail}`);
}

/** The mirror that the host itself uses, whatever form its list of sources has. */
async function hostMirror() {
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(readIfThere('/etc/os-release'))?.[1] ?? '';
  const filters = ['Identifier: Packages', 'Origin: Debian', `Codename: ${codename}`, 'Component: main'];
  const ask = () => run('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...filters]);
  // 'Origin' is known only from fetched lists.
  let uri = (await ask()).output.split('\n')[0];
  if (!uri && (await run('apt-get', ['update'])).ok) uri = (await ask()).output.split('\n')[0];
  if (!uri) throw new Error('apt-get names no Debian mirror, or it can not be reached.');
  return uri;
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
