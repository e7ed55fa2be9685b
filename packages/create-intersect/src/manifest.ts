import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Wanted } from './command-line.js';
import { Problem } from './problem.js';
import { HAS_CLIENT, HAS_PAGE, type TemplateName } from './templates.js';

/** Written at the build. */
interface KnownPackages {
  /** Versions of what comes from elsewhere. */
  readonly others: Readonly<Record<string, string>>;
  /** What each package of the SDK needs of the others. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
}

interface Versions extends KnownPackages {
  /** Of the SDK: all packages are released together. */
  readonly version: string;
}

type Dependencies = Record<string, string>;

/** The package.json of a new project. Throws Problem. */
export function manifestFor(wanted: Wanted, versions: Versions): object {
  const { name, template, packages } = wanted;
  const [used, tools] = [USED, toolsOf(template)];
  const tarballs = packages === undefined ? undefined : tarballsIn(packages, wanted);
  const all = [...used, ...tools].filter((each) => each in versions.needs);
  const versionOf = (each: string): string => {
    const other = versions.others[each];
    if (other !== undefined) return other;
    return tarballs ? tarballOf(each, tarballs) : `^${versions.version}`;
  };
  // Packages that are in no registry find each other as packages of the project.
  const brought = tarballs ? closureOf(all, versions.needs).filter((each) => !all.includes(each)) : [];
  const table = (names: readonly string[]): Dependencies =>
    Object.fromEntries(names.toSorted().map((each) => [each, versionOf(each)]));
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: scriptsOf(template),
    dependencies: table([...used, ...brought]),
    devDependencies: table(tools),
  };
}

function scriptsOf(template: TemplateName): Record<string, string> {
  return {
    dev: 'node dev.mjs',
    check: 'tsc --noEmit',
    build: HAS_PAGE.has(template) ? 'tsc && vite build --outDir dist/page' : 'tsc',
    test: 'tsc && node --test dist/test/*.test.js',
    start: 'node dist/src/service.js',
    ...(HAS_CLIENT.has(template) && { client: 'node dist/src/client.js' }),
  };
}

function toolsOf(template: TemplateName): readonly string[] {
  const page = HAS_PAGE.has(template) ? ['vite'] : [];
  return [...['cli', 'dev-broker', 'testing'].map(inScope), '@types/node', 'typescript', ...page];
}

/** Also by a project that only asks: a service stands in. */
const USED = ['client', 'config', 'contract', 'service', 'transport-mqtt'].map(inScope);

function inScope(name: string): string {
  return `@intersect-sdk/${name}`;
}

function closureOf(names: readonly string[], needs: KnownPackages['needs']): readonly string[] {
  const found = new Set(names);
  // What is added on the way is gone through, too.
  for (const name of found) for (const needed of needs[name] ?? []) found.add(needed);
  return [...found];
}

interface Tarballs {
  readonly files: readonly string[];
  /** As it is written before the file: relative to the project. */
  readonly from: string;
  readonly folder: string;
}

function tarballsIn(folder: string, { folder: project }: Wanted): Tarballs {
  try {
    const from = relative(project, folder).split(sep).join('/');
    return { folder, from, files: readdirSync(folder) };
  } catch (error) {
    throw new Problem(`The folder of packages can't be read: ${(error as Error).message}.`);
  }
}

function tarballOf(name: string, { files, from, folder }: Tarballs): string {
  const begin = `${name.slice(1).replace('/', '-')}-`;
  const file = files.find(
    (each) => each.startsWith(begin) && /^\d+\..*\.tgz$/.test(each.slice(begin.length)),
  );
  if (file === undefined) {
    throw new Problem(
      `There is no tarball of ${name} in ${folder}: \`npm run pack\` in a clone of the SDK makes them.`,
    );
  }
  return `file:${from}/${file}`;
}

/** What is known of packages, from the folder of templates and the package.json of this program. */
export function readVersions(templates: string, own: string): Versions {
  const known: KnownPackages = JSON.parse(readFileSync(join(templates, 'packages.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(own, 'utf8')) as { readonly version: string };
  return { ...known, version };
}
