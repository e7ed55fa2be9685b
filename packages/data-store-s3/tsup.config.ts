import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(
  // Entries of their own: which of the two is loaded is chosen by `imports` in package.json, where the program runs.
  packageBuild(['src/index.ts', 'src/transfer/send-node.ts', 'src/transfer/send-browser.ts'], {
    external: ['#send'],
  }),
);
