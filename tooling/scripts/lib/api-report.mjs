import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './root.mjs';

/**
 * Writes down the public API of each of a package's entries in `etc/`, or finds where it differs from what is
 * written down there.
 *
 * @param {string} folder The package's folder; it must be built.
 * @param {{ update: boolean }} options
 * @returns {string[]} What is wrong, as sentences; empty when nothing is.
 */
export function apiReports(folder, { update }) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const etc = join(folder, 'etc');
  mkdirSync(etc, { recursive: true });
  const entries = Object.keys(manifest.publishConfig.exports).filter((entry) => entry !== './package.json');
  return entries.flatMap((entry) => {
    const name = entry === '.' ? 'index' : entry.slice(2).replaceAll('/', '-');
    return apiReport(folder, { name, types: typesOf(manifest.publishConfig.exports[entry]), update });
  });
}

/**
 * @param {any} target The value of one entry in a package's exports.
 * @returns {string}
 */
function typesOf(target) {
  return target.import.types;
}

/**
 * @param {string} folder
 * @param {{ name: string, types: string, update: boolean }} entry
 * @returns {string[]}
 */
function apiReport(folder, { name, types, update }) {
  const declarations = join(folder, types);
  if (!existsSync(declarations)) return [`${declarations} is missing: build first.`];
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: compilerOptions(declarations) },
      apiReport: {
        enabled: true,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(folder, 'temp'),
        reportFileName: `${name}.api.md`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // Part of the API through what uses it: to be seen in the report, not forbidden.
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          // Everything that is exported is public; there is no second level to tell apart.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          // Whether prose is well-formed TSDoc is no question of the API.
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  /** @type {string[]} */
  const problems = [];
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === 'error') problems.push(message.formatMessageWithLocation(root));
    },
  });
  const report = join(folder, 'etc', `${name}.api.md`);
  if (result.apiReportChanged && !update) {
    problems.push(
      `The public API is not the one of ${relative(root, report)}: run \`npm run api\` and commit the difference.`,
      difference(report, join(folder, 'temp', `${name}.api.md`)),
    );
  }
  return problems;
}

/**
 * @param {string} before
 * @param {string} after
 */
function difference(before, after) {
  const args = ['diff', '--no-index', '--no-color', '--unified=1', before, after];
  const { stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return stdout.split('\n').slice(4).join('\n');
}

/** @param {string} declarations */
function compilerOptions(declarations) {
  return {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
    },
    files: [declarations],
  };
}

/** @param {string} folder Removes what api-extractor leaves behind. */
export function removeTemporaryReports(folder) {
  rmSync(join(folder, 'temp'), { recursive: true, force: true });
}
