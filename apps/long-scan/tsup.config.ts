import { defineConfig } from 'tsup';
import { appBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(appBuild(['src/client.ts', 'src/service.ts']));
