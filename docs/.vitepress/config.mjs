// The site of the documentation: `npm run docs`. Its pages are the Markdown files of the repository, where they are, and the
// API reference that TypeDoc writes to docs/reference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { findDeadLinks } from './dead-links.mjs';
import { addressOf, nameOnSite, noPages, readSections, root } from './pages.mjs';
import { useRepositoryLinks } from './repository-links.mjs';

const sections = readSections();
const pages = sections.flatMap((section) => section.pages.map(({ file }) => file));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @type {string | undefined} */
const url = manifest.repository?.url?.replace(/^git\+|\.git$/g, '');

export default defineConfig({
  title: 'INTERSECT SDK',
  description: manifest.description,
  // Browsers ask for an icon, and would find none.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: noPages,
  rewrites: nameOnSite,
  markdown: {
    // The anchors of the repository's host, so that a link to a heading works there and here.
    anchor: { slugify: slug },
    config: (md) => useRepositoryLinks(md, { root, pages, addressOf, url }),
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // What explains comes before what lists.
        miniSearch: { searchOptions: { boostDocument: (id) => (id.includes('/reference/') ? 0.5 : 1) } },
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'Example apps', link: addressOf('apps/README.md') },
      { text: 'API reference', link: addressOf('docs/reference/README.md') },
    ],
    sidebar: sections.map(({ text, collapsed, pages }) => ({
      text,
      collapsed,
      items: pages.map(({ file, title }) => ({ text: title, link: addressOf(file) })),
    })),
    ...(url === undefined ? {} : { socialLinks: [{ icon: 'github', link: url }] }),
  },
  // The index of the search is one file, loaded with the first search.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  // The check below finds them all at once, also those to headings.
  ignoreDeadLinks: true,
  buildEnd({ outDir, site, pages: built }) {
    const sources = new Map(built.map((file) => [nameOnSite(file).replace(/\.md$/, '.html'), file]));
    const lost = built.filter((file) => !pages.includes(file));
    const problems = [
      ...lost.map((file) => `${file} is in no section of docs/.vitepress/pages.mjs.`),
      ...findDeadLinks(outDir, site.base).map(
        ({ page, problem }) => `${sources.get(page) ?? page}: ${problem}`,
      ),
    ];
    if (problems.length > 0) throw Object.assign(new Error(problems.join('\n')), { stack: '' });
  },
});
