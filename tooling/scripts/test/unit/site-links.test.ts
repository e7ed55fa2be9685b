import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createMarkdownRenderer, disposeMdItInstance } from 'vitepress';
import { afterEach, describe, expect, test } from 'vitest';
import { findDeadLinks } from '../../../../docs/.vitepress/dead-links.mjs';
import { addressOf } from '../../../../docs/.vitepress/pages.mjs';
import { useRepositoryLinks } from '../../../../docs/.vitepress/repository-links.mjs';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-site-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('links of the repository', () => {
  const pages = [
    'README.md',
    'apps/README.md',
    'packages/core/README.md',
    'docs/faults.md',
    'docs/decisions/1.md',
  ];

  async function render(markdown: string, { from = 'README.md', url }: { from?: string; url?: string } = {}) {
    const root = folderWith({ 'packages/core/src/index.ts': '', 'docs/decisions/1.md': '' });
    disposeMdItInstance(); // There is one for each process, made with the first one's options.
    const md = await createMarkdownRenderer(
      root,
      { config: (own) => useRepositoryLinks(own, { root, pages, addressOf, url }) },
      '/sdk/',
    );
    return md.render(markdown, { path: join(root, from) });
  }

  const linkIn = (html: string) => /href="([^"]*)"/.exec(html)?.[1];

  test.each([
    ['README.md', 'packages/core', '/sdk/packages/core/'],
    ['README.md', 'packages/core/README.md#names', '/sdk/packages/core/#names'],
    ['README.md', 'docs/faults.md', '/sdk/faults.html'],
    ['apps/README.md', '../packages/core/#names', '/sdk/packages/core/#names'],
    ['packages/core/README.md', '../../README.md', '/sdk/'],
    ['README.md', 'docs/decisions', '/sdk/decisions/1.html'],
    ['README.md', '#a-heading', '#a-heading'],
    ['README.md', 'https://example.org/docs/faults.md', 'https://example.org/docs/faults.md'],
  ])('from %s to %s', async (from, href, expected) => {
    expect(linkIn(await render(`[text](${href})`, { from }))).toBe(expected);
  });

  test('a file that is no page is linked to where the repository can be looked at', async () => {
    const url = 'https://example.org/sdk';
    const html = await render('[text](src/index.ts)', { from: 'packages/core/README.md', url });
    expect(linkIn(html)).toBe('https://example.org/sdk/blob/HEAD/packages/core/src/index.ts');
  });

  test('without such a place only the text of the link is left', async () => {
    const html = await render('See the [*sources*](packages/core/src/index.ts) and [core](packages/core).');
    expect(html).toBe('<p>See the <em>sources</em> and <a href="/sdk/packages/core/">core</a>.</p>\n');
  });

  test('a link that leads nowhere is left for the check to find', async () => {
    expect(linkIn(await render('[text](src/gone.ts)'))).toBe('src/gone.ts');
  });
});

describe('dead links of a site', () => {
  const page = (...links: string[]) =>
    `<h1 id="top">Title</h1>${links.map((href) => `<a class="link" href="${href}">text</a>`).join('')}`;

  test('pages, headings and files that are there are fine', () => {
    const folder = folderWith({
      'index.html': page(
        '/sdk/',
        '#top',
        './guide/first.html#top',
        '/sdk/icon.svg',
        'https://example.org/#x',
      ),
      'guide/first.html': page('../', '../index.html#top', '/sdk/?a=1&amp;b=2'),
      'icon.svg': '<svg/>',
    });
    expect(findDeadLinks(folder, '/sdk/')).toEqual([]);
  });

  test('what is missing is named, each link once for a page', () => {
    const folder = folderWith({
      'index.html': page('#gone', '#gone', '/sdk/guide/', '/outside.html'),
      'guide/first.html': page('../index.html#gone', 'src/driver.ts'),
    });
    const found = findDeadLinks(folder, '/sdk/').map(({ page, problem }) => `${page}: ${problem}`);
    expect(found).toEqual([
      'guide/first.html: ../index.html#gone leads to a page without such a heading.',
      'guide/first.html: src/driver.ts leads nowhere.',
      'index.html: #gone leads to a page without such a heading.',
      'index.html: /sdk/guide/ leads nowhere.',
      'index.html: /outside.html leads out of the site.',
    ]);
  });
});
