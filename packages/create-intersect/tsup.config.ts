import { defineConfig } from 'tsup';
import { appBuild } from '../../tooling/build/tsup.mjs';
import { gatherTemplates } from './scripts/gather-templates.mjs';

export default defineConfig({
  ...appBuild(['src/bin.ts']),
  sourcemap: false,
  onSuccess: async () => gatherTemplates('dist'),
});
