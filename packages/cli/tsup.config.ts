import { copyFile, cp } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { appBuild } from '../../tooling/build/tsup.mjs';

// A program and no library: ES modules alone, without declarations, each command in a file of its own. It holds the other packages of this
// repository itself (decision 23), and only what they need from elsewhere is installed with it. TypeBox is held too: its formats are 36 files,
// and reading them takes a tenth of the processor time of a call.
export default defineConfig({
  ...appBuild(['src/bin.ts']),
  splitting: true,
  treeshake: true,
  noExternal: [/^@intersect-sdk\//, /^typebox(\/|$)/],
  external: [
    // Only for the option `ca` of data stores, which nothing here gives.
    'undici',
    // The name under which the MQTT transport imports its library; the imports of package.json say the same here.
    '#mqtt',
  ],
  async onSuccess() {
    // Its licence asks for this.
    await copyFile('node_modules/typebox/license', 'dist/typebox-license.txt');
    // The page that `intersect console` serves.
    await cp('../console/dist', 'dist/console', { recursive: true });
  },
});
