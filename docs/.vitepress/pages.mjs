import { readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

/** The folder of the repository: its Markdown files are the pages of the site. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * The sections of the side bar. Each file is shown once, where it is named first; a section without files is left out.
 *
 * @type {readonly { text: string, files: readonly string[], orderedBy?: string, collapsed?: boolean }[]} `orderedBy`
 *   names the page whose links give the order.
 */
const sections = [
  {
    text: 'Start',
    files: [
      'README.md',
      'docs/guide/start.md',
      'docs/guide/concepts.md',
      'docs/guide/*.md',
      'docs/errors.md',
      'docs/options.md',
    ],
  },
  { text: 'Recipes', files: ['docs/recipes/*.md'] },
  { text: 'Packages', files: ['packages/*/README.md'], orderedBy: 'README.md' },
  { text: 'Example apps', files: ['apps/README.md', 'apps/*/README.md'], orderedBy: 'apps/README.md' },
  { text: 'In operation', files: ['SECURITY.md', 'docs/*.md'] },
  { text: 'API reference', files: ['docs/reference/**/*.md'], collapsed: true },
  { text: 'Work on it', files: ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'tooling/*/README.md'] },
  { text: 'Decisions', files: ['docs/decisions/*.md'], collapsed: true },
];

/** Below the root, for VitePress, which takes every other Markdown file. */
export const noPages = [
  '{packages,apps,tooling}/*/*/**',
  '{packages,apps,tooling}/*/!(README).md',
  '{coverage,temp}/**',
];

/** @returns What the side bar shows. */
export function readSections() {
  const taken = /** @type {Set<string>} */ (new Set());
  return sections.flatMap(({ text, files, orderedBy, collapsed = false }) => {
    const found = new Set(files.flatMap((pattern) => globSync(pattern, { cwd: root }).toSorted()));
    const own = [...found].filter((file) => !taken.has(file));
    for (const file of own) taken.add(file);
    if (orderedBy !== undefined) own.sort(byLinksOf(orderedBy));
    return own.length === 0 ? [] : [{ text, collapsed, pages: own.map(readPage) }];
  });
}

/** @typedef {ReturnType<typeof readPage>} Page */

/** @param {string} file */
function readPage(file) {
  const heading = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? basename(file, '.md');
  return { file, title: heading.replace('@intersect-sdk/', '') };
}

/**
 * The file that a page is made of, as VitePress shall call it: the site has no `docs` folder, and a README is the
 * index of its folder.
 *
 * @param {string} file
 */
export function nameOnSite(file) {
  return file.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
}

/** @param {string} file */
export function addressOf(file) {
  return `/${nameOnSite(file).replace(/(^|\/)index\.md$/, '$1')}`;
}

/**
 * Sorts READMEs as a page links to their folders; those that it doesn't link to come last.
 *
 * @param {string} page
 */
function byLinksOf(page) {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)/g)];
  const folders = links.map(([, path]) => posix.join(posix.dirname(page), path ?? ''));
  /** @param {string} file */
  const place = (file) => {
    if (file === page) return -1;
    const at = folders.indexOf(posix.dirname(file));
    return at < 0 ? folders.length : at;
  };
  return (/** @type {string} */ a, /** @type {string} */ b) => place(a) - place(b);
}
