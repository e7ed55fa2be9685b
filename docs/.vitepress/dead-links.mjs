import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

/**
 * Finds what VitePress doesn't look for: links to a heading that isn't there, and links to files that are neither a page nor
 * part of the site.
 *
 * @param {string} folder The finished site.
 * @param {string} base Where it will be served, with `/` at both ends.
 * @returns {string[]} A sentence for each dead link.
 */
export function findDeadLinks(folder, base) {
  const files = globSync('**/*.html', { cwd: folder }).toSorted();
  const pages = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const ids = new Map([...pages].map(([file, html]) => [file, new Set(attributes(html, /\sid="([^"]*)"/g))]));
  return [...pages].flatMap(([from, html]) =>
    [...new Set(attributes(html, /<a\s[^>]*?href="([^"]*)"/g))].flatMap((href) => {
      const { origin, pathname, hash } = new URL(href, `http://site${base}${from}`);
      if (origin !== 'http://site') return [];
      const path = decodeURIComponent(pathname);
      const file = path.startsWith(base) ? path.slice(base.length).replace(/(^|\/)$/, '$1index.html') : '';
      if (file === '' || !existsSync(join(folder, file))) return [`${from}: ${href} leads nowhere.`];
      const id = decodeURIComponent(hash.slice(1));
      if (id === '' || ids.get(file)?.has(id) !== false) return [];
      return [`${from}: ${href} leads to a page without such a heading.`];
    }),
  );
}

/**
 * @param {string} html
 * @param {RegExp} pattern Its first group is the value of the attribute.
 */
function attributes(html, pattern) {
  return [...html.matchAll(pattern)].map(([, value = '']) => value.replaceAll('&amp;', '&'));
}
