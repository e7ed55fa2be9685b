import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

export default defineConfig(
  packageBuild(['src/index.ts', 'src/memory.ts', 'src/endpoint.ts', 'src/internal.ts']),
);
