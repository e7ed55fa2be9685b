import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import ts from 'typescript';
import { root } from '../root.mjs';

/**
 * A table of options, as its source describes it and as it is when it runs.
 *
 * @typedef {object} Table
 * @property {string} name The name of the constant.
 * @property {string} file
 * @property {string | undefined} options The interface of what a user writes.
 * @property {Row[]} rows
 * @property {object} value The table itself.
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} sentence On one line; empty where there is none.
 * @property {string | undefined} defaultText What stands after `@default`.
 * @property {string} fileName As configuration files write the name.
 * @property {Facts} facts
 * @property {{ name: string, fileName: string } | undefined} [fromFile] The field that can name a file with the value instead.
 */

/** @typedef {import('../../../../packages/core/src/options/option.js').OptionFacts} Facts */

/** Text of files that differs from what is on disk, by file. @typedef {ReadonlyMap<string, string>} Overlay */

/**
 * Finds every table of options in the packages: a constant that `satisfies OptionTable`.
 *
 * @param {Overlay} [overlay]
 * @returns {Promise<Table[]>} In the order of packages and files.
 */
export async function readTables(overlay = new Map()) {
  const described = sourceFiles().flatMap((file) => {
    const text = overlay.get(file) ?? readFileSync(file, 'utf8');
    return text.includes('satisfies OptionTable') ? tablesOf(file, text) : [];
  });
  const names = described.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`Two tables of options have the name ${twice}.`);
  const { snakeCase, ...values } = await runSources(
    [
      "export { snakeCase } from '@intersect-sdk/core/internal';",
      ...described.map(({ name, file }) => `export { ${shown(name)} } from ${JSON.stringify(file)};`),
    ].join('\n'),
    withTablesShown(described, overlay),
  );
  return described.map(({ rows, ...table }) => {
    /** @type {Record<string, Facts>} */
    const value = values[shown(table.name)];
    const unlike = Object.keys(value).filter((row) => !rows.some(({ name }) => name === row));
    if (unlike.length > 0) {
      throw new Error(
        `${table.name} takes rows from elsewhere, which hides their sentences: ${unlike.join(', ')}`,
      );
    }
    return {
      ...table,
      value,
      rows: rows.map((row) => {
        const facts = value[row.name] ?? {};
        const { snake = snakeCase(row.name), fromFile } = facts;
        return {
          ...row,
          facts,
          fileName: snake,
          fromFile: fromFile === undefined ? undefined : { name: fromFile, fileName: snakeCase(fromFile) },
        };
      }),
    };
  });
}

/**
 * The sources with an export for each table: most are of their files alone.
 *
 * @param {readonly { name: string, file: string }[]} described
 * @param {Overlay} overlay
 */
function withTablesShown(described, overlay) {
  const texts = new Map(overlay);
  for (const { name, file } of described) {
    const text = texts.get(file) ?? readFileSync(file, 'utf8');
    texts.set(file, `${text}\nexport { ${name} as ${shown(name)} };\n`);
  }
  return texts;
}

/** @param {string} name */
const shown = (name) => `$${name}`;

/**
 * Bundles a program on the sources and runs it.
 *
 * @param {string} program An ES module.
 * @param {Overlay} overlay
 * @returns {Promise<Record<string, any>>} What it exports.
 */
export async function runSources(program, overlay) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: join(root, 'packages', 'config') },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    conditions: ['intersect-source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'overlay',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = overlay.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const module = { exports: {} };
  const run = compileFunction(outputFiles[0]?.text ?? '', ['module', 'exports', 'require']);
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

function sourceFiles() {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .flatMap((name) => ts.sys.readDirectory(join(packages, name, 'src'), ['.ts']))
    .sort();
}

/**
 * @param {string} file
 * @param {string} text
 */
function tablesOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declarations = source.statements.filter(ts.isVariableStatement).flatMap(declarationsOf);
  return declarations.flatMap(({ name, initializer }) => {
    if (!initializer || !ts.isSatisfiesExpression(initializer)) return [];
    const { expression, type } = initializer;
    if (type.getText() !== 'OptionTable' || !ts.isObjectLiteralExpression(expression)) return [];
    const table = name.getText();
    return [
      { name: table, file, options: interfaceOf(source, table), rows: expression.properties.flatMap(rowOf) },
    ];
  });
}

/** @param {import('typescript').VariableStatement} statement */
const declarationsOf = (statement) => [...statement.declarationList.declarations];

/**
 * The interface that extends `OptionsOf<typeof TABLE>`.
 *
 * @param {import('typescript').SourceFile} source
 * @param {string} table
 */
function interfaceOf(source, table) {
  const found = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ heritageClauses }) =>
      heritageClauses?.some(({ types }) =>
        types.some((type) => type.getText() === `OptionsOf<typeof ${table}>`),
      ),
    );
  return found?.name.text;
}

/** @param {import('typescript').ObjectLiteralElementLike} property */
function rowOf(property) {
  if (!ts.isPropertyAssignment(property)) return [];
  const comments = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc);
  const tag = comments
    .flatMap(({ tags = [] }) => [...tags])
    .find(({ tagName }) => tagName.text === 'default');
  return [
    {
      name: property.name.getText(),
      sentence: comments.map(({ comment }) => textOf(comment)).join(' '),
      defaultText: tag && textOf(tag.comment),
    },
  ];
}

/**
 * @param {string | import('typescript').NodeArray<import('typescript').JSDocComment> | undefined} comment
 */
function textOf(comment) {
  const text = ts.getTextOfJSDocComment(comment) ?? '';
  return text
    .replace(/\{@link (\S+?)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * The folder of the package that a file belongs to, and the entry of that package that exports a name.
 *
 * @param {string} file
 * @param {string} exported
 */
export function entryOf(file, exported) {
  const [, name = ''] = relative(root, file).split(/[\\/]/);
  const folder = join(root, 'packages', name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const named = new RegExp(`\\b${exported}\\b`);
  const entry = Object.keys(exports).find((each) => {
    const source = exports[each]['intersect-source'];
    return source !== undefined && named.test(readFileSync(join(folder, source), 'utf8'));
  });
  if (entry === undefined) throw new Error(`No entry of the package ${name} exports ${exported}.`);
  return { folder, entry: `@intersect-sdk/${name}${entry.slice(1)}` };
}
