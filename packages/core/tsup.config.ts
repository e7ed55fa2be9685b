import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/build/tsup.mjs';

// TypeBox is some 300 small files, of which this package uses three builders: built in, so that
// nobody waits 150 ms for the rest to load. Its types stay where they are.
export default defineConfig({
  ...packageBuild(['src/index.ts', 'src/internal.ts']),
  noExternal: ['typebox'],
});
