import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../frame/surroundings.js';
import { UsageError } from '../outcome/usage-error.js';
import { contextFolder } from './places.js';
import { writePrivateFile } from './private-file.js';

/** Where a password comes from when it is needed. The password itself is never kept. */
export type PasswordSource = { readonly variable: string } | { readonly command: string };

/** A broker by name: how to reach it, or the configuration file that says so. */
export type Context =
  | { readonly broker: string; readonly username?: string; readonly password?: PasswordSource }
  | { readonly config: string };

const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;
/** Holds the name of the context that is used unless something else is said. No context can have this name. */
const CURRENT = '.current';
const WRITABLE_BY_OTHERS = 0o022;

/** The contexts of one person, each a file of its own. */
export class Contexts {
  readonly #folder: string;

  constructor(env: Surroundings['env']) {
    this.#folder = contextFolder(env);
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.#folder).catch(onlyIfThere<string[]>([]));
    return files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [])).sort();
  }

  async add(name: string, context: Context): Promise<void> {
    await writePrivateFile(this.#fileOf(name), `${JSON.stringify(context, null, 2)}\n`);
  }

  async read(name: string): Promise<Context> {
    const file = this.#fileOf(name);
    const facts = await stat(file).catch(onlyIfThere(undefined));
    if (!facts) {
      const known = (await this.names()).join(', ') || 'none';
      throw new UsageError(
        `There is no context '${name}'; there are: ${known}. Make one with \`intersect context add\``,
      );
    }
    // It can name a command, which whoever can write the file could have this person run.
    if (process.platform !== 'win32' && (facts.mode & WRITABLE_BY_OTHERS) !== 0) {
      throw new UsageError(`Others can write ${file}, so it is not used. Mend it with: chmod 600 ${file}`);
    }
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Context;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new UsageError(`${file} is not JSON; make it anew with \`intersect context add ${name}\``);
    }
  }

  /** Which one is used unless something else is said. */
  async current(): Promise<string | undefined> {
    const text = await readFile(join(this.#folder, CURRENT), 'utf8').catch(onlyIfThere(''));
    return text.trim() || undefined;
  }

  async use(name: string): Promise<void> {
    await this.read(name);
    await writePrivateFile(join(this.#folder, CURRENT), `${name}\n`);
  }

  #fileOf(name: string): string {
    if (!NAME.test(name)) {
      throw new UsageError(
        "The name of a context must be letters, digits, '_', '-' and '.', begin with a letter or digit, and have at most 63",
      );
    }
    return join(this.#folder, `${name}.json`);
  }
}

/** What stands for a file that is not there. Any other fault is thrown on. */
function onlyIfThere<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
