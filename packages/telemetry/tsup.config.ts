import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(packageBuild(['src/index.ts', 'src/health-server.ts']));
