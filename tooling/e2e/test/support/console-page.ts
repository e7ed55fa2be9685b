import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PATIENCE_MS } from '../../../scripts/lib/patience.mjs';
import { Program } from '../../../scripts/lib/program.mjs';

const bin = fileURLToPath(new URL('../../../../packages/cli/dist/bin.js', import.meta.url));

export interface ConsoleOptions {
  /** Where Chromium is. */
  readonly chromium: string;
  /** With user name and password. */
  readonly broker: string;
  readonly args?: readonly string[];
}

/** `intersect console` as a process, and its page in a real browser. */
export class ConsolePage implements AsyncDisposable {
  readonly page: Page;
  /** The link that was printed. */
  readonly link: string;
  /** What the browser complained of: scripts that failed, and what the policy forbade. */
  readonly complaints: string[];
  readonly #program: Program;
  readonly #browser: Browser;

  private constructor(parts: {
    page: Page;
    link: string;
    complaints: string[];
    program: Program;
    browser: Browser;
  }) {
    this.page = parts.page;
    this.link = parts.link;
    this.complaints = parts.complaints;
    this.#program = parts.program;
    this.#browser = parts.browser;
  }

  static async open({ chromium: executablePath, broker, args = [] }: ConsoleOptions): Promise<ConsolePage> {
    const home = await mkdtemp(join(tmpdir(), 'intersect-console-'));
    const program = new Program(bin, {
      name: 'console',
      args: ['console', '--port', '0', '--broker', broker, ...args],
      env: { INTERSECT_CONFIG_HOME: home, INTERSECT_CACHE_HOME: home },
    });
    const [link] = await program.line(/^http:\S+/, AbortSignal.timeout(PATIENCE_MS));
    const browser = await chromium.launch({
      executablePath,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(link);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return new ConsolePage({ page, link, complaints, program, browser });
  }

  /** Goes to a place in the page. */
  async go(fragment: string): Promise<void> {
    await this.page.evaluate((to) => location.assign(to), fragment);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#program.stop();
  }
}
