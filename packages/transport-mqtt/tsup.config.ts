import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';
import { bundleMqttForBrowsers } from './browser/bundle.mjs';

const build = packageBuild();

export default defineConfig({
  ...build,
  // Node finds it as the package mqtt, a browser as the bundle that is written here.
  external: ['#mqtt'],
  async onSuccess() {
    if (typeof build.onSuccess === 'function') await build.onSuccess();
    await bundleMqttForBrowsers();
  },
});
