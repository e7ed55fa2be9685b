import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, removeFolder, withLock } from './lib/cache.mjs';
import { run } from './lib/command.mjs';
import { pythonPackages } from './lib/settings.mjs';

const stamp = '.complete';
const oldestPython = '(3, 10)';
const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * @param {{ onProgress?: (sentence: string) => void }} [options]
 * @returns {Promise<import('./python-peer.mjs').PythonPeer>}
 */
export function pythonPeer({ onProgress = () => {} } = {}) {
  const folder = join(cacheFolder(), 'python-peer');
  const python = join(folder, 'bin', 'python');
  if (isComplete(folder)) return Promise.resolve({ python });
  return withLock('python-peer', async () => {
    const problem = isComplete(folder) ? undefined : await make(folder, python, onProgress);
    return problem === undefined ? { python } : { unavailable: problem };
  });
}

/** @param {string} folder */
function isComplete(folder) {
  const file = join(folder, stamp);
  // The interpreter is a link to one of the system's, which may have been removed since.
  return (
    existsSync(file) &&
    readFileSync(file, 'utf8') === stampText() &&
    existsSync(join(folder, 'bin', 'python'))
  );
}

function stampText() {
  return `${pythonPackages.join('\n')}\n`;
}

/**
 * @param {string} folder
 * @param {string} python
 * @param {(sentence: string) => void} onProgress
 * @returns {Promise<string | undefined>} What is in the way.
 */
async function make(folder, python, onProgress) {
  const host = await findPython();
  if (host === undefined) return 'Python 3.10 or newer is not installed';
  onProgress('Installing the Python SDK into the cache folder: some seconds, once.');
  if (existsSync(folder)) removeFolder(folder);
  const created = await run(host, ['-m', 'venv', folder]);
  if (!created.ok) return `Python can't make a virtual environment: ${created.tail}`;
  const installed = await run(python, ['-m', 'pip', 'install', '--quiet', ...pythonPackages]);
  if (!installed.ok) return `pip can't install ${pythonPackages.join(' and ')}: ${installed.tail}`;
  const imported = await run(python, ['-c', 'import intersect_sdk']);
  if (!imported.ok) return `the installed Python SDK can't be imported: ${imported.tail}`;
  writeFileSync(join(folder, stamp), stampText());
  return undefined;
}

async function findPython() {
  for (const candidate of candidates) {
    const check = await run(candidate, ['-c', `import sys; sys.exit(sys.version_info < ${oldestPython})`]);
    if (check.ok) return candidate;
  }
  return undefined;
}
