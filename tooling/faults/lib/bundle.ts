import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A program on the sources in one file, so that no other build is needed and nothing but them is in its memory. Gone after the use. */
export async function withBundle<T>(entryPoint: string, use: (program: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'intersect-bundle-'));
  try {
    const program = join(folder, 'program.mjs');
    await build({
      entryPoints: [entryPoint],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['intersect-source'],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'silent',
    });
    return await use(program);
  } finally {
    await rm(folder, { recursive: true });
  }
}
