import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, posix, relative, sep } from 'node:path';
import { UsageError } from '../outcome/usage-error.js';

interface PageFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Its name changes with its content. */
  readonly isForEver: boolean;
}

/** By the path of the URL. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of the page, all of them in memory: no request names a path that is looked for on the disk. */
export async function readPageFiles(folder = folderOfPage()): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    const contentType = TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join(posix.sep)}`;
    files.set(path, { body: await readFile(file), contentType, isForEver: path.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  if (!index) throw new UsageError(`The console's page is not in ${folder}: build it with \`npm run build\``);
  return files.set('/', index);
}

function folderOfPage(): string {
  const packageFile = createRequire(import.meta.url).resolve('@intersect-sdk/cli/package.json');
  return join(dirname(packageFile), 'dist', 'console');
}
