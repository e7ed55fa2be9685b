import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * What an editor shows while somebody writes a program.
 *
 * @typedef {object} Hint
 * @property {string} type The declaration, as an editor prints it.
 * @property {string} sentence On one line.
 * @property {string | undefined} defaultText The text after `@default`.
 */

/** Keeps what was parsed once, such as the library of the language, for all of them. */
const registry = ts.createDocumentRegistry();
/** Never the same for two texts, or the registry would give out the first one again. Files on disk have 0. */
let versions = 0;

/** A language service for programs that exist in memory only, and for files that are overlaid in memory. */
export class Editor {
  /** @type {Map<string, { text: string, version: number }>} */
  #open = new Map();
  #service;

  /**
   * @param {import('typescript').CompilerOptions} options
   */
  constructor(options) {
    /** @type {import('typescript').LanguageServiceHost} */
    const host = {
      ...ts.sys,
      getCompilationSettings: () => ({ ...compilerOptions, ...options }),
      getScriptFileNames: () => [...this.#open.keys()],
      getScriptVersion: (file) => String(this.#open.get(file)?.version ?? 0),
      getScriptSnapshot: (file) => {
        const text = this.#read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getCurrentDirectory: ts.sys.getCurrentDirectory,
      fileExists: (file) => this.#open.has(file) || ts.sys.fileExists(file),
      readFile: (file) => this.#read(file),
    };
    this.#service = ts.createLanguageService(host, registry);
  }

  /** @param {string} file */
  #read(file) {
    const opened = this.#open.get(file);
    if (opened) return opened.text;
    return ts.sys.fileExists(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  write(file, text) {
    this.#open.set(file, { text, version: ++versions });
  }

  /**
   * @param {string} file
   * @returns {string[]} What the compiler says of it.
   */
  problems(file) {
    return [
      ...this.#service.getSyntacticDiagnostics(file),
      ...this.#service.getSemanticDiagnostics(file),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  /**
   * What is shown when the mouse rests on this place.
   *
   * @param {string} file
   * @param {number} position
   * @returns {Hint | undefined}
   */
  hover(file, position) {
    const info = this.#service.getQuickInfoAtPosition(file, position);
    return info && hintOf(info);
  }

  /**
   * What is shown beside each name that can be written at this place.
   *
   * @param {string} file
   * @param {number} position
   * @param {string} name
   * @returns {Hint | undefined}
   */
  completion(file, position, name) {
    const details = this.#service.getCompletionEntryDetails(
      file,
      position,
      name,
      undefined,
      undefined,
      undefined,
      undefined,
    );
    return details && hintOf(details);
  }
}

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** @param {Pick<import('typescript').QuickInfo, 'displayParts' | 'documentation' | 'tags'>} info */
function hintOf({ displayParts, documentation, tags }) {
  const tag = tags?.find(({ name }) => name === 'default');
  return {
    type: ts.displayPartsToString(displayParts),
    sentence: ts.displayPartsToString(documentation).replace(/\s+/g, ' '),
    defaultText: tag && ts.displayPartsToString(tag.text).replace(/\s+/g, ' '),
  };
}
