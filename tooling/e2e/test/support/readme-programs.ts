import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program of a README that is marked to be run: a fence that starts with `ts run`. */
export interface ReadmeProgram {
  /** The README, below the repository's folder. */
  readonly readme: string;
  /** The line that the program starts at. */
  readonly line: number;
  readonly text: string;
  /** What the next `text` fence says that it prints. */
  readonly prints: string;
  /** The app whose service runs beside it: `service=hello-world`. */
  readonly service: string | undefined;
  /** The broker or the store that it needs, if the embedded broker won't do: `broker=rabbitmq`, `broker=s3`. */
  readonly broker: string | undefined;
  /** Whether it goes on until it is told to end: `until-stopped`. */
  readonly untilStopped: boolean;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The READMEs of the repository, its packages and its apps, and the pages of the guide. */
function readmes(): string[] {
  const folders = ['packages', 'apps'].flatMap((group) =>
    readdirSync(`${root}${group}`).map((name) => `${group}/${name}/`),
  );
  const found = ['', ...folders].map((folder) => `${folder}README.md`);
  return [...found.filter((file) => existsSync(root + file)), ...guidePages()];
}

/** The pages of the guide: every program in them is run. */
export function guidePages(): string[] {
  return readdirSync(`${root}docs/guide`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guide/${name}`);
}

export function readmePrograms(): ReadmeProgram[] {
  return readmes().flatMap((readme) => programsIn(readme, readFileSync(root + readme, 'utf8')));
}

/** A block of code in a page: what stands behind its three marks, and where it begins. */
export interface Fence {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

export function programsIn(readme: string, markdown: string): ReadmeProgram[] {
  const fences = fencesIn(markdown);
  return fences.flatMap(({ info, line, text }, index) => {
    const [language, run, ...words] = info.split(/\s+/);
    if (language !== 'ts' || run !== 'run') return [];
    const printed = fences[index + 1];
    if (printed?.info !== 'text') {
      throw new Error(`${readme}:${line}: a program to run is followed by a text fence with what it prints.`);
    }
    const { service, broker, ...options } = Object.fromEntries(words.map((word) => word.split('=', 2)));
    const untilStopped = 'until-stopped' in options;
    return [{ readme, line, text, prints: printed.text, service, broker, untilStopped }];
  });
}

export function fencesIn(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) {
      open?.lines.push(line);
    } else if (open === undefined) {
      open = { info: line.slice(3).trim(), line: index + 2, lines: [] };
    } else {
      fences.push({ info: open.info, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  return fences;
}
