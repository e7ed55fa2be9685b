// Puts the templates together at the build: their programs are those of the example apps, so that no source stands here twice.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = join(here, '..', '..');

const service = ['src/contract.ts', 'src/hello.ts', 'src/service.ts'];

/** From which app the files of each template come. */
const templates = {
  service: { app: 'hello-world', files: [...service, 'src/client.ts'], test: 'hello.ts' },
  client: { app: 'hello-world-events', files: [...service, 'src/client.ts'], test: 'hello-events.ts' },
  browser: { app: 'hello-world', files: [...service, 'src/page.ts', 'index.html'], test: 'hello.ts' },
  full: {
    app: 'hello-world',
    files: [...service, 'src/client.ts', 'src/page.ts', 'index.html'],
    test: 'hello.ts',
  },
};

/** @param {string} target The folder of what is built. */
export function gatherTemplates(target) {
  for (const [name, { app, files, test }] of Object.entries(templates)) {
    const folder = join(here, target, 'templates', name);
    const own = ['_gitignore', 'dev.mjs', 'tsconfig.json'].map((file) => [`template/${file}`, file]);
    const ofApp = files.map((file) => [`../../apps/${app}/${file}`, file]);
    for (const [from, file] of [...own, ...ofApp, [`template/test/${test}`, 'test/hello.test.ts']]) {
      const to = join(folder, String(file));
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(here, String(from)), to);
    }
  }
  writeFileSync(join(here, target, 'templates', 'packages.json'), JSON.stringify(packages(), undefined, 2));
}

/** The versions of what a project needs from elsewhere, and what each package of the SDK needs of the others. */
function packages() {
  const { devDependencies } = manifestOf(root);
  const others = Object.fromEntries(
    ['@types/node', 'typescript', 'vite'].map((name) => [name, devDependencies[name]]),
  );
  const manifests = readdirSync(join(root, 'packages')).map((name) =>
    manifestOf(join(root, 'packages', name)),
  );
  const needs = Object.fromEntries(
    manifests
      .filter((manifest) => manifest.name.startsWith('@intersect-sdk/') && !manifest.private)
      .map(({ name, dependencies = {} }) => [
        name,
        Object.keys(dependencies).filter((each) => each.startsWith('@intersect-sdk/')),
      ]),
  );
  return { others, needs };
}

/** @param {string} folder */
function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
