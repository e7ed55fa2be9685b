import { existsSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

/**
 * @typedef {object} Repository
 * @property {string} root Its folder.
 * @property {readonly string[]} pages The files that are pages, below the root, in the order of the side bar.
 * @property {(file: string) => string} addressOf The address of a page.
 * @property {string | undefined} url Where the repository can be looked at, if that is known.
 */

/**
 * In the repository a link names a file or a folder, as the repository's host understands it. On the site it leads to the
 * page that is made of it, or to the host for a file that is no page; without a known host such a link becomes plain
 * text. A link that leads nowhere stays as it is, for the check of the finished site to find.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 * @param {Repository} repository
 */
export function useRepositoryLinks(md, repository) {
  md.core.ruler.push('repository_links', ({ tokens, env }) => {
    const from = relative(repository.root, env.realPath ?? env.path).replaceAll('\\', '/');
    for (const block of tokens) {
      let dropped = false;
      block.children =
        block.children?.filter((token) => {
          if (token.type === 'link_close' && dropped) {
            dropped = false;
            return false;
          }
          if (token.type !== 'link_open') return true;
          const target = resolveLink(token.attrGet('href') ?? '', from, repository);
          if (target === undefined) dropped = true;
          else token.attrSet('href', target);
          return target !== undefined;
        }) ?? null;
    }
  });
}

/**
 * @param {string} href
 * @param {string} from The file that has the link, below the root.
 * @param {Repository} repository
 * @returns {string | undefined} The link on the site; `undefined` when there is nothing to link to.
 */
function resolveLink(href, from, { root, pages, addressOf, url }) {
  if (/^([a-z][a-z+.-]*:|\/|#|$)/i.test(href)) return href;
  const [, path = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const file = posix.join(posix.dirname(from), decodeURI(path)).replace(/\/$/, '');
  const page =
    [file, posix.join(file, 'README.md')].find((candidate) => pages.includes(candidate)) ??
    pages.find((candidate) => candidate.startsWith(`${file}/`));
  if (page !== undefined) return `${addressOf(page)}${hash}`;
  if (!existsSync(join(root, file))) return href;
  return url === undefined ? undefined : `${url}/blob/HEAD/${file}${hash}`;
}
