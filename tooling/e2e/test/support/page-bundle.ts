import { fileURLToPath } from 'node:url';
import { type BuildResult, build } from 'esbuild';

/** What a page gets: the program with the packages as they are built, in as many files as it loads things apart. */
export function bundlePage(program: string): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../..', import.meta.url)) },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: 'out',
    platform: 'browser',
    logLevel: 'silent',
  });
}

/** Where a page makes code from text, in all files that it loads with a program. */
export async function codeFromTextIn(program: string): Promise<string[]> {
  const { outputFiles } = await bundlePage(program);
  return outputFiles.flatMap(({ text }) => text.match(/\bFunction\(|\beval\(/g) ?? []);
}
