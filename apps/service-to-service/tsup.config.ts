import { defineConfig } from 'tsup';
import { appBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(appBuild(['src/client.ts', 'src/service-one.ts', 'src/service-two.ts']));
