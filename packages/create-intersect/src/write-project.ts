import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wanted } from './command-line.js';
import { manifestFor, readVersions } from './manifest.js';
import { Problem } from './problem.js';
import { readmeFor } from './project-readme.js';

interface Places {
  readonly templates: string;
  /** The package.json of this program. */
  readonly own: string;
}

/** Writes all files of the project. Throws Problem, and has written nothing then. */
export function writeProject(wanted: Wanted, { templates, own }: Places): void {
  throwIfTaken(wanted);
  const manifest = manifestFor(wanted, readVersions(templates, own));
  try {
    mkdirSync(wanted.folder, { recursive: true });
    cpSync(join(templates, wanted.template), wanted.folder, { recursive: true });
    // npm leaves a file of that name out of every package.
    renameSync(join(wanted.folder, '_gitignore'), join(wanted.folder, '.gitignore'));
    writeFileSync(join(wanted.folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    writeFileSync(join(wanted.folder, 'README.md'), readmeFor(wanted));
  } catch (error) {
    throw new Problem(`The project can't be written: ${(error as Error).message}.`);
  }
}

/** Someone who made a repository first has these. */
const WELCOME: ReadonlySet<string> = new Set(['.git', '.gitattributes', 'LICENSE']);
const MOST_NAMED = 5;

function throwIfTaken({ folder, given }: Wanted): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Problem(`${given} is a file. Choose another name.`);
  const found = readdirSync(folder).filter((name) => !WELCOME.has(name));
  if (found.length === 0) return;
  const named = found.slice(0, MOST_NAMED).join(', ');
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : '';
  throw new Problem(
    `${given === '.' ? 'This folder' : `The folder ${given}`} is not empty: it has ${named}${more}. Choose another name, or empty it first.`,
  );
}
