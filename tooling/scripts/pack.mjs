// A tarball of each package in one folder, for projects that use the SDK before it is on npm.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { packAll } from './lib/pack-all.mjs';
import { root } from './lib/root.mjs';

const folder = join(root, 'packed');

if (await ensureBuilt(['{./packages/*}'])) {
  const tarballs = await packAll(folder);
  process.stdout.write(`${tarballs.length} packages in ${folder}. In your project, all of them at once, since each needs others:

  npm install ${join(folder, '*.tgz')}
`);
} else {
  process.exitCode = 1;
}
