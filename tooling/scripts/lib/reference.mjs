import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Application } from 'typedoc';
import { load as markdown } from 'typedoc-plugin-markdown';
import { root } from './root.mjs';

/**
 * Writes the API reference as Markdown to docs/reference, a page for each public entry of each package, from the sources.
 *
 * @returns {Promise<boolean>} Whether all went well; what went wrong is shown.
 */
export async function writeReference() {
  const entries = readdirSync(join(root, 'packages')).flatMap(publicEntries);
  const app = await Application.bootstrapWithPlugins({
    plugin: [markdown],
    name: 'API reference',
    out: join(root, 'docs', 'reference'),
    tsconfig: join(root, 'tsconfig.json'),
    entryPoints: entries.map(({ file }) => file),
    logLevel: 'Warn',
    // Without it TypeDoc describes all of TypeBox, which the service hands on, and takes minutes.
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    // `npm run check` looks for errors in types.
    skipErrorChecking: true,
    disableSources: true,
    readme: 'none',
    validation: { invalidLink: true, notExported: false },
    // One page for each entry: one for each export would make the site ten times as large.
    router: 'module',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
  });
  const found = app.getEntryPoints() ?? [];
  for (const entry of found) {
    const { name } = entries.find(({ file }) => file === entry.sourceFile.fileName) ?? {};
    if (name !== undefined) entry.displayName = name;
  }
  const project = app.converter.convert(found);
  app.validate(project);
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/**
 * @param {string} folder Of a package, below `packages`.
 * @returns {{ name: string, file: string }[]} Its entries, without those that are meant for its siblings only.
 */
function publicEntries(folder) {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((entry) => exports[entry]['intersect-source'] !== undefined && !/\binternal\b/.test(entry))
    .map((entry) => ({
      name: posix.join(folder, entry),
      file: join(root, 'packages', folder, exports[entry]['intersect-source']),
    }));
}
