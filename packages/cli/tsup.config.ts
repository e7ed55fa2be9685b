import { defineConfig } from 'tsup';
import { appBuild } from '../../tooling/build/tsup.mjs';

// A program and no library: ES modules alone, without declarations, each command in a file of its own.
export default defineConfig({ ...appBuild(['src/bin.ts']), splitting: true });
