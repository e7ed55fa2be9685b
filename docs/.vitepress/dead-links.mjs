import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

/**
 * Finds every link of the finished site that leads to a page, a file or a heading that isn't there.
 *
 * @param {string} folder The finished site.
 * @param {string} base Where it will be served, with `/` at both ends.
 * @returns {{ page: string, problem: string }[]}
 */
export function findDeadLinks(folder, base) {
  const files = globSync('**/*.html', { cwd: folder }).toSorted();
  const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const ids = new Map([...texts].map(([file, html]) => [file, new Set(attributes(html, /\sid="([^"]*)"/g))]));

  /**
   * @param {string} page
   * @param {string} href
   */
  function problemOf(page, href) {
    const { origin, pathname, hash } = new URL(href, `http://site${base}${page}`);
    if (origin !== 'http://site') return undefined;
    if (!pathname.startsWith(base)) return `${href} leads out of the site.`;
    const file = decodeURIComponent(pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html');
    if (!existsSync(join(folder, file))) return `${href} leads nowhere.`;
    const id = decodeURIComponent(hash.slice(1));
    if (id === '' || ids.get(file)?.has(id) !== false) return undefined;
    return `${href} leads to a page without such a heading.`;
  }

  return [...texts].flatMap(([page, html]) => {
    const links = new Set(attributes(html, /<a\s[^>]*?href="([^"]*)"/g));
    const problems = [...links].map((href) => problemOf(page, href));
    return problems.flatMap((problem) => (problem === undefined ? [] : [{ page, problem }]));
  });
}

/**
 * @param {string} html
 * @param {RegExp} pattern Its first group is the value of the attribute.
 */
function attributes(html, pattern) {
  return [...html.matchAll(pattern)].map(([, value = '']) => value.replaceAll('&amp;', '&'));
}
