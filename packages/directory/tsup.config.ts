import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(packageBuild(['src/index.ts', 'src/file-store.ts', 'src/registry.ts']));
