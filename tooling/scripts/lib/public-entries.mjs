import { posix } from 'node:path';

/**
 * @typedef {object} Entry
 * @property {string} name What is imported, without the scope: `transport/memory`.
 * @property {string} source Its source, below the root.
 */

/**
 * @param {string} folder Of a package, below `packages`.
 * @param {Record<string, any>} exports As its package.json has them.
 * @returns {Entry[]} Its entries, without those that are meant for its siblings alone.
 */
export function publicEntries(folder, exports) {
  return Object.keys(exports)
    .filter((entry) => exports[entry]['intersect-source'] !== undefined)
    .filter((entry) => !entry.split('/').includes('internal'))
    .map((entry) => ({
      name: posix.join(folder, entry),
      source: posix.join('packages', folder, exports[entry]['intersect-source']),
    }));
}
