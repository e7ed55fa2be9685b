import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

// The validator is built in and loaded by a `require` when it is first needed (see src/check/ajv.ts).
export default defineConfig(packageBuild(['src/index.ts', 'src/document.ts'], { noExternal: ['ajv'] }));
