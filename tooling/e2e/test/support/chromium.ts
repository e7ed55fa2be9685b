import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where this machine has a Chromium: what `CHROME_PATH` names, or the first that is found; undefined without one. */
export function findChromium(): string | undefined {
  const { CHROME_PATH: named, PATH = '' } = process.env;
  if (named) return named;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find(isProgram);
}

/** A browser without a window that shows one page, with a profile of its own. Closed with `await using`. */
export class Chromium implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #profile: string;
  /** Rejects when it ends before it was closed, with what it said last. */
  readonly crashed: Promise<never>;
  readonly #exited: Promise<void>;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    let said = '';
    process.stderr?.on('data', (text) => {
      said = (said + text).slice(-2_000);
    });
    const ended = new Promise<Error>((resolve) => {
      process.once('error', resolve);
      process.once('exit', (code, signal) =>
        resolve(new Error(`Chromium ended (${code ?? signal}). It said: ${said}`)),
      );
    });
    this.#exited = ended.then(() => {});
    this.crashed = ended.then((error) => Promise.reject(error));
    this.crashed.catch(() => {});
  }

  static async open(program: string, url: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'intersect-chromium-'));
    const flags = ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
    flags.push('--disable-background-networking', `--user-data-dir=${profile}`);
    // It refuses to run its sandbox for root; the page is our own.
    if (process.getuid?.() === 0) flags.push('--no-sandbox');
    // Nothing is said over it: its end tells the browser to go, also when this process was killed.
    flags.push('--remote-debugging-pipe');
    const child = spawn(program, [...flags, url], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    return new Chromium(child, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#exited;
    // Its helper processes write for a moment longer.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
