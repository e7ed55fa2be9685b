import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { Application } from 'typedoc';
import { load as markdown } from 'typedoc-plugin-markdown';
import { publicEntries } from './public-entries.mjs';
import { root } from './root.mjs';

/**
 * Writes the API reference as Markdown to docs/reference, a page for each public entry of each package, from the sources.
 *
 * @returns {Promise<boolean>} Whether all went well; what went wrong is shown.
 */
export async function writeReference() {
  const manifests = globSync('packages/*/package.json', { cwd: root });
  const entries = manifests.flatMap((file) => {
    const { exports } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return publicEntries(basename(dirname(file)), exports);
  });
  /** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
  const options = {
    plugin: [markdown],
    name: 'API reference',
    out: join(root, 'docs', 'reference'),
    tsconfig: join(root, 'tsconfig.json'),
    entryPoints: entries.map(({ source }) => join(root, source)),
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
    pageTitleTemplates: { module: ({ name }) => `@intersect-sdk/${name}` },
    useCodeBlocks: true,
    // What links call a heading is what the heading says it is called, also where a name comes twice.
    useHTMLAnchors: true,
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
  };
  const app = await Application.bootstrapWithPlugins(options);
  const found = app.getEntryPoints() ?? [];
  for (const entry of found) {
    const { name } = entries.find(({ source }) => join(root, source) === entry.sourceFile.fileName) ?? {};
    if (name === undefined) throw new Error(`TypeDoc read ${entry.sourceFile.fileName}, which is no entry.`);
    entry.displayName = name;
  }
  const project = app.converter.convert(found);
  app.validate(project);
  await app.generateOutputs(project);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}
