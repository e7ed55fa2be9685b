import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';
import { bundleMqttForBrowsers } from './browser/bundle.mjs';

const builds = packageBuild(['src/index.ts'], {
  // Node finds it as the package mqtt, a browser as the bundle that is written here.
  external: ['#mqtt'],
});

export default defineConfig(async () => {
  await bundleMqttForBrowsers();
  return builds;
});
